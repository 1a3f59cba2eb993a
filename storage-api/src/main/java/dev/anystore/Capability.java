package dev.anystore;

/**
 * What a store can do beyond putting, getting, listing and deleting. A store that does not declare a capability refuses
 * its use with {@link UnsupportedCapability} before any I/O; one that declares it honours it exactly. Services honour a
 * condition separately on a single put, on the completion of a multipart upload and on a copy, hence three names each.
 */
public enum Capability {
    /** A single put with {@link PutOptions#ifAbsent()} has exactly one winner. */
    PUT_IF_ABSENT,
    /** A single put with {@link PutOptions#ifRevision(String)} replaces only that revision. */
    PUT_IF_REVISION,
    /** Completing a multipart upload with {@link PutOptions#ifAbsent()} has exactly one winner. */
    COMPLETE_IF_ABSENT,
    /** Completing a multipart upload with {@link PutOptions#ifRevision(String)} replaces only that revision. */
    COMPLETE_IF_REVISION,
    /** A server-side copy to an absent key has exactly one winner. */
    COPY_IF_ABSENT,
    /** A server-side copy replaces only the given revision of its target. */
    COPY_IF_REVISION,
    /** A delete removes only the given revision. */
    DELETE_IF_REVISION,
    /** Objects of unknown length can be put in one request, without parts. */
    STREAMING_PUT,
    /** Large objects are put in parts. */
    MULTIPART,
    /**
     * One part may be put twice at the same time: no part is lost by it, and whichever stays has the tag that the service's
     * list then says. The engine sends slow parts a second time only here.
     */
    TWIN_PARTS,
    /** Objects are copied without passing through the caller. */
    SERVER_COPY,
    /** Presigned URLs for reading. */
    PRESIGN_GET,
    /** Presigned URLs for writing. */
    PRESIGN_PUT,
    /** Presigned URLs for deleting. */
    PRESIGN_DELETE,
    /** Presigned URLs for the parts of an upload. */
    PRESIGN_PART,
    /** Older versions of an object are kept, listed and read. */
    VERSIONS,
    /** Objects carry tags. */
    TAGS,
    /** Buckets are created, deleted and configured. */
    BUCKET_ADMIN,
    /** A store can be set to have the service encrypt with keys of its own. */
    ENCRYPTION_SERVICE_KEY,
    /** A store can be set to have the service encrypt with keys of its key management. */
    ENCRYPTION_MANAGED_KEY,
    /** A store can be set to have the service encrypt with a key that comes with each request. */
    ENCRYPTION_CUSTOMER_KEY,
    /** A store can be set to pay for requests to a bucket of somebody else. */
    REQUESTER_PAYS
}
