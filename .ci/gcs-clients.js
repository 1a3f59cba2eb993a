// Google's own client for Node against a server of the testkit: create, upload, download, and uploads in parts.
'use strict';

const crypto = require('crypto');
const fs = require('fs');
const path = require('path');
const {Storage, TransferManager} = require('@google-cloud/storage');
const {OAuth2Client} = require('google-auth-library');

const [url, keyFile, bucketName, verb, from, to] = process.argv.slice(2);

// The client asks one address for tokens, Google's own: so the token is fetched here, with the same assertion.
async function token() {
  const key = JSON.parse(fs.readFileSync(keyFile));
  const now = Math.floor(Date.now() / 1000);
  const part = value => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = {
    iss: key.client_email,
    scope: 'https://www.googleapis.com/auth/devstorage.full_control',
    aud: key.token_uri,
    iat: now,
    exp: now + 3600,
  };
  const signed = part({alg: 'RS256', typ: 'JWT'}) + '.' + part(claims);
  const signature = crypto.sign('RSA-SHA256', Buffer.from(signed), key.private_key).toString('base64url');
  const answer = await fetch(key.token_uri, {
    method: 'POST',
    headers: {'content-type': 'application/x-www-form-urlencoded'},
    body: new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: signed + '.' + signature,
    }),
  });
  return (await answer.json()).access_token;
}

function files(folder, below = '') {
  return fs.readdirSync(path.join(folder, below), {withFileTypes: true}).flatMap(entry => {
    const name = path.join(below, entry.name);
    return entry.isDirectory() ? files(folder, name) : [name];
  });
}

async function main() {
  const authClient = new OAuth2Client();
  const accessToken = await token();
  authClient.setCredentials({access_token: accessToken, expiry_date: Date.now() + 3_000_000});
  const storage = new Storage({
    projectId: 'example',
    apiEndpoint: url,
    useAuthWithCustomEndpoint: true,
    authClient,
    retryOptions: {autoRetry: false},
  });
  // Its upload sessions leave the token out where the address is not Google's.
  storage.interceptors.push({
    request: options =>
      options.uri || options.url
        ? options
        : {...options, headers: {...options.headers, Authorization: 'Bearer ' + accessToken}},
  });
  const bucket = storage.bucket(bucketName);
  switch (verb) {
    case 'create':
      await storage.createBucket(bucketName);
      break;
    case 'download': {
      const [objects] = await bucket.getFiles({prefix: from});
      for (const object of objects) {
        const target = path.join(to, object.name.substring(from.length));
        fs.mkdirSync(path.dirname(target), {recursive: true});
        await object.download({destination: target, validation: 'crc32c'});
      }
      break;
    }
    case 'upload':
      for (const name of files(from)) {
        const size = fs.statSync(path.join(from, name)).size;
        await bucket.upload(path.join(from, name), {destination: to + name, resumable: size > 50_000});
      }
      break;
    case 'chunks': {
      // The helper addresses the bucket by host name, over TLS; here it is in the path.
      const inPath = (bucketOfHelper, fileName, uploadId, partsMap) => {
        const helper = generator(bucketOfHelper, fileName, uploadId, partsMap);
        helper.baseUrl = `${url}/${bucketOfHelper.name}/${fileName}`;
        return helper;
      };
      const generator = original();
      await new TransferManager(bucket).uploadFileInChunks(
        from,
        {uploadName: to, chunkSizeBytes: 8 << 20, concurrencyLimit: 4, validation: 'crc32c'},
        inPath
      );
      break;
    }
    default:
      throw new Error('no such verb: ' + verb);
  }
}

// The helper's class is not exported: the module is read once more, with one line behind it.
function original() {
  const source = require.resolve('@google-cloud/storage').replace(/index\.js$/, 'transfer-manager.js');
  const module = {exports: {}};
  const text = fs.readFileSync(source, 'utf8') + '\nmodule.exports.XMLMultiPartUploadHelper = XMLMultiPartUploadHelper;';
  const wrapped = new Function('exports', 'require', 'module', '__filename', '__dirname', text);
  const {createRequire} = require('module');
  wrapped(module.exports, createRequire(source), module, source, path.dirname(source));
  return (bucket, fileName, uploadId, partsMap) =>
    new module.exports.XMLMultiPartUploadHelper(bucket, fileName, uploadId, partsMap);
}

main().catch(error => {
  console.error(error);
  process.exit(1);
});
