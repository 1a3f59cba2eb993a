package dev.anystore.azure;

/** The digest that goes with the bytes of a request, for the service to compare. */
enum Checks {
    /** {@code x-ms-content-crc64}, which the service gives back. */
    CRC64,
    /** {@code Content-MD5}, which it compares and, of a block, does not keep. */
    MD5,
    /** None. */
    NONE
}
