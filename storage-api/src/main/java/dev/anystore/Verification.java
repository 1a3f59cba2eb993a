package dev.anystore;

/** Which check an operation made of the bytes that it moved. */
public enum Verification {
    /** None: neither the service nor a stored digest could confirm the bytes. */
    UNVERIFIED,
    /** Each request's bytes were checked by the service, but no digest of the whole object was compared. */
    PARTS,
    /** A digest of the whole object was compared. */
    WHOLE
}
