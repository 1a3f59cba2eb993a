#!/usr/bin/env python3
"""Backblaze's own simulator of B2, from its Python library, as an HTTP server on loopback: the second opinion on our client.

    b2face.py PORT        prints the key's id and the key, then serves until it is killed

The simulator keeps everything in memory and is called by names like those of the API; this is the thin face that turns requests
into calls. What it mends of the simulator is said where it does: unfinished large files hide what is below them there, its
counters end after a few thousand files, and it has no delimiters and no shared tokens.
"""

import base64
import hashlib
import io
import itertools
import json
import re
import sys
import threading
import time
import traceback
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from b2sdk.v3 import BucketSimulator, MetadataDirectiveMode, RawSimulator, exception

PORT = int(sys.argv[1])
BASE = f"http://127.0.0.1:{PORT}"
MIN_PART = 5_000_000
UPLOADS = "https://upload.example.com"  # what the simulator calls itself in upload URLs
RANGE = re.compile(r"bytes=(\d*)-(\d*)$")

ids = iter(range(999_999_999, 0, -1))  # downwards, so that the newest version sorts first
lock = threading.RLock()


class Refused(Exception):
    def __init__(self, status, code, message):
        super().__init__(message)
        self.status, self.code = status, code


def timestamps():
    last = 0
    while True:
        last = max(last + 1, time.time_ns() // 1_000_000)
        yield last


class Bucket(BucketSimulator):
    """With counters that do not end, and listings that an unfinished large file leaves alone."""

    MAX_SIMPLE_COPY_SIZE = 5_000_000_000
    FIRST_FILE_NUMBER = 999_999_999
    FIRST_FILE_ID = str(FIRST_FILE_NUMBER)
    stamps = timestamps()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.upload_url_counter = itertools.count()
        self.file_id_counter = ids
        self.upload_timestamp_counter = Bucket.stamps

    def _simulate_chunked_post(self, stream, content_length, **_):
        return stream.read()

    def list_file_names(self, token, start_file_name=None, max_file_count=None, prefix=None):
        found, seen = [], None
        for name, file_id in sorted(self.file_name_and_id_to_file):
            file = self.file_name_and_id_to_file[name, file_id]
            if name < (start_file_name or "") or not name.startswith(prefix or "") or name == seen or file.action == "start":
                continue
            seen = name
            if file.is_visible():
                found.append(file.as_list_files_dict(token))
            if len(found) > (max_file_count or 100):
                return {"files": found[:-1], "nextFileName": found[-1]["fileName"]}
        return {"files": found, "nextFileName": None}


class Simulator(RawSimulator):
    BUCKET_SIMULATOR_CLASS = Bucket
    API_URL = S3_API_URL = DOWNLOAD_URL = BASE
    MIN_PART_SIZE = MIN_PART

    def __init__(self):
        super().__init__()
        self.bucket_id_counter = itertools.count()


simulator = Simulator()
ACCOUNT, KEY = simulator.create_account()
shares = {}  # download authorisations by their token: bucket id, prefix, end, and what they say of the answer


# ---- what the calls of the API become


def bucket_of(file_id):
    if file_id not in simulator.file_id_to_bucket_id:
        raise Refused(400, "bad_request", f"File not present: {file_id}")
    return simulator._get_bucket_by_id(simulator.file_id_to_bucket_id[file_id])


def unfinished(file_id):
    """The simulator would list, finish and cancel what is finished, too."""
    file = bucket_of(file_id).file_id_to_file.get(file_id)
    if file is None or file.action != "start":
        raise Refused(400, "bad_request", f"No active upload for: {file_id}")
    return file


def authorize(version, header):
    key_id, _, key = base64.b64decode(header.split()[-1]).decode().partition(":")
    answer = simulator.authorize_account(BASE, key_id, key)
    storage = answer["apiInfo"]["storageApi"]
    storage.update(infoType="storageApi", recommendedPartSize=100_000_000, absoluteMinimumPartSize=MIN_PART)
    if version >= 4:
        return answer
    allowed = storage["allowed"]
    bucket = (allowed["buckets"] or [{}])[0]
    flat = {
        "capabilities": allowed["capabilities"],
        "bucketId": bucket.get("id"),
        "bucketName": bucket.get("name"),
        "namePrefix": allowed["namePrefix"],
    }
    if version == 3:
        del storage["allowed"]
        storage.update(flat)
        return answer
    return {
        "accountId": answer["accountId"],
        "authorizationToken": answer["authorizationToken"],
        "allowed": flat,
        "apiUrl": BASE,
        "downloadUrl": BASE,
        "s3ApiUrl": BASE,
        "recommendedPartSize": 100_000_000,
        "minimumPartSize": 100_000_000,
        "absoluteMinimumPartSize": MIN_PART,
    }


def byte_range(asked):
    match = RANGE.match(asked.get("range") or "")
    return (int(match[1]), int(match[2])) if match else None


def upload_url(answer, **more):
    return {**answer, "uploadUrl": answer["uploadUrl"].replace(UPLOADS, BASE + "/upload"), **more}


def hide(at, asked):
    name = asked["fileName"]
    files = bucket_files(asked["bucketId"], name)
    if not files:
        raise Refused(404, "no_such_file", f"file_not_present: {name}")
    if files[0].action == "hide":
        raise Refused(400, "already_hidden", f"file already hidden: {name}")
    return simulator.hide_file(*at, asked["bucketId"], name)


def bucket_files(bucket_id, name):
    """The versions of a name, the newest first."""
    known = simulator._get_bucket_by_id(bucket_id).file_name_and_id_to_file
    return [known[key] for key in sorted(known) if key[0] == name and known[key].action != "start"]


def delete_version(at, asked):
    if asked["fileId"] not in bucket_of(asked["fileId"]).file_id_to_file:
        raise Refused(400, "file_not_present", f"file_not_present: {asked['fileName']}")
    return simulator.delete_file_version(*at, asked["fileId"], asked["fileName"])


def finish(at, asked):
    file = unfinished(asked["fileId"])
    digests = asked["partSha1Array"]
    parts = [part for part in file.parts if part]
    if len(parts) != len(digests) or len(parts) < 2:
        raise Refused(400, "bad_request", f"there are {len(parts)} parts, not {len(digests)}, or less than two")
    for part in parts[:-1]:
        if part.content_length < MIN_PART:
            raise Refused(400, "bad_request", f"part {part.part_number} is smaller than {MIN_PART} bytes")
    return simulator.finish_large_file(*at, asked["fileId"], digests)


def copy(at, asked):
    bucket_of(asked["sourceFileId"])
    directive = asked.get("metadataDirective")
    answer = simulator.copy_file(
        *at,
        asked["sourceFileId"],
        asked["fileName"],
        bytes_range=byte_range(asked),
        metadata_directive=MetadataDirectiveMode[directive] if directive else None,
        content_type=asked.get("contentType"),
        file_info=asked.get("fileInfo"),
        destination_bucket_id=asked.get("destinationBucketId"),
    )
    simulator.file_id_to_bucket_id[answer["fileId"]] = answer["bucketId"]  # which the simulator forgets
    return answer


def share(at, asked):
    seconds = int(asked["validDurationInSeconds"])
    if not 1 <= seconds <= 604_800:
        raise Refused(400, "out_of_range", "validDurationInSeconds")
    answer = simulator.get_download_authorization(*at, asked["bucketId"], asked["fileNamePrefix"], seconds)
    token = f"share_{next(ids)}"
    overrides = {name: value for name, value in asked.items() if name.startswith("b2") and value is not None}
    shares[token] = (asked["bucketId"], asked["fileNamePrefix"], time.time() + seconds, overrides)
    return {**answer, "authorizationToken": token}


def listing(method, at, asked, *file_id):
    """The simulator knows no delimiter: it lists all, and this folds and cuts."""
    prefix, delimiter = asked.get("prefix") or "", asked.get("delimiter")
    most = int(asked.get("maxFileCount") or 100)
    start = max(asked.get("startFileName") or "", prefix)
    if not delimiter:
        return method(*at, asked["bucketId"], start, *file_id, most, prefix or None)
    rows, folded = [], None
    for file in method(*at, asked["bucketId"], start, *file_id, 10**9, prefix or None)["files"]:
        cut = file["fileName"].find(delimiter, len(prefix))
        if cut < 0:
            rows.append(file)
            continue
        folder = file["fileName"][: cut + len(delimiter)]
        if folder != folded:
            folded = folder
            rows.append({**file, "fileName": folder, "action": "folder", "fileId": None, "contentLength": 0, "contentSha1": None})
    following = rows[most] if len(rows) > most else {}
    answer = {"files": rows[:most], "nextFileName": following.get("fileName")}
    return {**answer, "nextFileId": following.get("fileId")} if file_id else answer


def one_bucket(key, version):
    if version >= 4:
        return key
    return {**{name: value for name, value in key.items() if name != "bucketIds"}, "bucketId": (key["bucketIds"] or [None])[0]}


def update_bucket(at, asked):
    # The simulator takes nothing for no change, and no list for an empty one.
    bucket = simulator._get_bucket_by_id(asked["bucketId"])
    for name, field in (("corsRules", "cors_rules"), ("lifecycleRules", "lifecycle_rules")):
        if asked.get(name) == []:
            setattr(bucket, field, [])
    return simulator.update_bucket(
        *at,
        asked["accountId"],
        asked["bucketId"],
        asked.get("bucketType") or bucket.bucket_type,
        asked.get("bucketInfo"),
        asked.get("corsRules"),
        asked.get("lifecycleRules"),
        asked.get("ifRevisionIs"),
    )


CALLS = {
    "b2_create_bucket": lambda at, a, v: simulator.create_bucket(
        *at,
        a["accountId"],
        a["bucketName"],
        a["bucketType"],
        a.get("bucketInfo"),
        a.get("corsRules"),
        a.get("lifecycleRules"),
        is_file_lock_enabled=bool(a.get("fileLockEnabled")),
    ),
    "b2_list_buckets": lambda at, a, v: simulator.list_buckets(*at, a["accountId"], a.get("bucketId"), a.get("bucketName")),
    "b2_update_bucket": lambda at, a, v: update_bucket(at, a),
    "b2_delete_bucket": lambda at, a, v: simulator.delete_bucket(*at, a["accountId"], a["bucketId"]),
    "b2_create_key": lambda at, a, v: one_bucket(
        simulator.create_key(
            *at,
            a["accountId"],
            a["capabilities"],
            a["keyName"],
            a.get("validDurationInSeconds"),
            a.get("bucketIds") or ([a["bucketId"]] if a.get("bucketId") else None),
            a.get("namePrefix"),
        ),
        v,
    ),
    "b2_get_upload_url": lambda at, a, v: upload_url(simulator.get_upload_url(*at, a["bucketId"])),
    "b2_get_upload_part_url": lambda at, a, v: unfinished(a["fileId"])
    and upload_url(simulator.get_upload_part_url(*at, a["fileId"]), fileId=a["fileId"]),
    "b2_list_file_names": lambda at, a, v: listing(simulator.list_file_names, at, a),
    "b2_list_file_versions": lambda at, a, v: listing(simulator.list_file_versions, at, a, a.get("startFileId")),
    "b2_get_file_info": lambda at, a, v: bucket_of(a["fileId"]) and simulator.get_file_info_by_id(*at, a["fileId"]),
    "b2_hide_file": lambda at, a, v: hide(at, a),
    "b2_delete_file_version": lambda at, a, v: delete_version(at, a),
    "b2_start_large_file": lambda at, a, v: simulator.start_large_file(
        *at, a["bucketId"], a["fileName"], a["contentType"], a.get("fileInfo") or {}
    ),
    "b2_finish_large_file": lambda at, a, v: finish(at, a),
    "b2_cancel_large_file": lambda at, a, v: unfinished(a["fileId"]) and simulator.cancel_large_file(*at, a["fileId"]),
    "b2_list_parts": lambda at, a, v: unfinished(a["fileId"])
    and simulator.list_parts(*at, a["fileId"], int(a.get("startPartNumber") or 1), int(a.get("maxPartCount") or 100)),
    "b2_list_unfinished_large_files": lambda at, a, v: simulator.list_unfinished_large_files(
        *at, a["bucketId"], a.get("startFileId"), a.get("maxFileCount"), a.get("namePrefix")
    ),
    "b2_copy_file": lambda at, a, v: copy(at, a),
    "b2_copy_part": lambda at, a, v: unfinished(a["largeFileId"])
    and bucket_of(a["sourceFileId"])
    and simulator.copy_part(*at, a["sourceFileId"], a["largeFileId"], a["partNumber"], byte_range(a)),
    "b2_get_download_authorization": lambda at, a, v: share(at, a),
}

STATUS = {
    exception.InvalidAuthToken: (401, None),
    exception.AccessDenied: (401, "access_denied"),
    exception.Unauthorized: (401, "unauthorized"),
    exception.BadUploadUrl: (401, "bad_auth_token"),
    exception.FileNotPresent: (404, "file_not_present"),
    exception.NonExistentBucket: (400, "bad_bucket_id"),
    exception.DuplicateBucketName: (400, "duplicate_bucket_name"),
    exception.UnsatisfiableRange: (416, "range_not_satisfiable"),
    exception.Conflict: (409, "conflict"),
    exception.CapExceeded: (403, "cap_exceeded"),
    exception.ServiceError: (503, "service_unavailable"),
}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body leave together

    def log_message(self, *_):
        pass

    def do_GET(self):
        body = self.body()
        try:
            status, content, headers = self.answer(body)
        except Refused as e:
            status, content, headers = self.refusal(e.status, e.code, str(e))
        except tuple(STATUS) as e:
            status, code = next(STATUS[kind] for kind in STATUS if isinstance(e, kind))
            status, content, headers = self.refusal(status, code or getattr(e, "code", None) or "bad_auth_token", str(e))
        except exception.B2Error as e:
            sha1 = isinstance(e, (exception.FileSha1Mismatch, exception.PartSha1Mismatch))
            status, content, headers = self.refusal(400, "bad_request", "Sha1 did not match data received" if sha1 else str(e))
        except Exception as e:
            traceback.print_exc()
            status, content, headers = self.refusal(400, "bad_request", repr(e))
        self.send_response(status)
        for name, value in headers.items():
            if name.lower() != "content-length":
                self.send_header(name, str(value))
        self.send_header("Content-Length", str(len(content)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_POST = do_HEAD = do_PUT = do_GET

    def body(self):
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        data = b""
        while True:
            size = int(self.rfile.readline().split(b";")[0], 16)
            data += self.rfile.read(size)
            self.rfile.readline()
            if size == 0:
                return data

    @staticmethod
    def json(status, document):
        def plain(value):
            return sorted(value) if isinstance(value, (set, frozenset)) else str(value)

        return status, json.dumps(document, default=plain).encode(), {"Content-Type": "application/json"}

    def refusal(self, status, code, message):
        return self.json(status, {"status": status, "code": code, "message": message})

    def answer(self, body):
        url = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(url.query))
        token = self.headers.get("Authorization") or query.get("Authorization") or ""
        call = re.match(r"/b2api/v(\d)/(b2_\w+)$", url.path)
        with lock:
            if url.path.startswith("/file/"):
                bucket, _, name = url.path[len("/file/") :].partition("/")
                return self.by_name(bucket, urllib.parse.unquote_plus(name), token, query)
            if url.path.startswith("/upload/"):
                return self.json(200, self.upload(url.path, body))
            if not call:
                raise Refused(404, "not_found", url.path)
            asked = {**query, **(json.loads(body) if body else {})}
            version, operation = int(call[1]), call[2]
            if operation == "b2_authorize_account":
                return self.json(200, authorize(version, token))
            self.check(token)
            if operation == "b2_download_file_by_id":
                return self.by_id(asked["fileId"], token)
            if operation not in CALLS:
                raise Refused(400, "bad_request", f"no call {operation}")
            return self.json(200, CALLS[operation]((BASE, token), asked, version))

    @staticmethod
    def check(token):
        if token not in simulator.auth_token_to_key:
            raise Refused(401, "bad_auth_token", "no such token")
        if token in simulator.expired_auth_tokens:
            raise Refused(401, "expired_auth_token", "the token has expired")

    # ---- downloads

    def by_name(self, bucket_name, name, token, query):
        if self.command not in ("GET", "HEAD"):
            raise Refused(405, "method_not_allowed", self.command)
        if bucket_name not in simulator.bucket_name_to_bucket:
            self.check(token)
            raise Refused(404, "not_found", f"bucket {bucket_name} does not exist")
        bucket = simulator.bucket_name_to_bucket[bucket_name]
        if token in shares:
            bucket_id, prefix, end, overrides = shares[token]
            good = bucket_id == bucket.bucket_id and name.startswith(prefix) and time.time() < end
            if not good or any(query.get(each) != value for each, value in overrides.items()):
                raise Refused(401, "unauthorized", "the token is not for this file, or not any more")
        else:
            self.check(token)
            simulator._assert_account_auth(BASE, token, bucket.account_id, "readFiles", bucket.bucket_id, name)
        files = bucket_files(bucket.bucket_id, name)
        if not files or not files[0].is_visible():
            raise Refused(404, "not_found", "File with such name does not exist.")
        return self.content(files[0], None if token in shares else token)

    def by_id(self, file_id, token):
        bucket = bucket_of(file_id)
        file = bucket.file_id_to_file.get(file_id)
        if file is None or not file.is_visible():
            raise Refused(404, "not_found", f"File not present: {file_id}")
        simulator._assert_account_auth(BASE, token, bucket.account_id, "readFiles", bucket.bucket_id, file.name)
        return self.content(file, token)

    def content(self, file, token):
        data = bytes(file.data_bytes)
        match = RANGE.match(self.headers.get("Range") or "")
        if not match:
            return 200, data, file.as_download_headers(token)
        first = int(match[1]) if match[1] else max(0, len(data) - int(match[2]))
        last = min(len(data) - 1, int(match[2])) if match[1] and match[2] else len(data) - 1
        if first > last or first >= len(data):
            raise Refused(416, "range_not_satisfiable", "the range is outside of the file")
        return 206, data[first : last + 1], file.as_download_headers(token, (first, last))

    # ---- uploads

    def upload(self, path, data):
        headers = self.headers
        url = UPLOADS + path[len("/upload") :]
        if headers["Authorization"] != url:
            raise Refused(401, "bad_auth_token", "the token is not that of the upload URL")
        if headers.get("X-Bz-Test-Mode") == "force_cap_exceeded":
            raise Refused(403, "cap_exceeded", "as the test mode asks")
        sha1 = headers["X-Bz-Content-Sha1"]
        if sha1 == "do_not_verify":
            sha1 = hashlib.sha1(data).hexdigest()
        if "/part/" in path:
            unfinished(path.split("/part/")[1].split("/")[0])
            return simulator.upload_part(url, url, int(headers["X-Bz-Part-Number"]), len(data), sha1, io.BytesIO(data))
        info = {
            name[len("x-bz-info-") :].lower(): urllib.parse.unquote_plus(value)
            for name, value in headers.items()
            if name.lower().startswith("x-bz-info-")
        }
        name = urllib.parse.unquote_plus(headers["X-Bz-File-Name"])
        return simulator.upload_file(url, url, name, len(data), headers["Content-Type"], sha1, info, io.BytesIO(data))


class Server(ThreadingHTTPServer):
    request_queue_size = 256
    daemon_threads = True


print(ACCOUNT, KEY, flush=True)
Server(("127.0.0.1", PORT), Handler).serve_forever()
