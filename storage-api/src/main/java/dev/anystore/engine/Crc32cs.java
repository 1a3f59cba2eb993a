package dev.anystore.engine;

/**
 * Joins CRC32Cs of neighbouring bytes into that of the whole, without the bytes. Appending n bytes to a message multiplies
 * its CRC by x^(8n) modulo the polynomial; the powers of x are squared once, so a join costs at most 64 multiplications
 * (Mark Adler's crc32_combine_op in zlib shows the method).
 */
final class Crc32cs {
    /** Castagnoli's polynomial, bits reversed. */
    private static final int POLYNOMIAL = 0x82F63B78;

    /** x^(2^k) modulo the polynomial; k from 3, as one byte is x^8. */
    private static final int[] POWERS = powers();

    private Crc32cs() {}

    /** The CRC32C of a message whose first part has {@code first} and whose second part of so many bytes has {@code second}. */
    static int join(int first, int second, long secondBytes) {
        int shift = 1 << 31; // x^0: the reversed order of bits puts it at the top
        int k = 3;
        for (long n = secondBytes; n != 0; n >>>= 1, k++) {
            if ((n & 1) != 0) {
                shift = multiply(POWERS[k], shift);
            }
        }
        return multiply(shift, first) ^ second;
    }

    private static int[] powers() {
        int[] powers = new int[67];
        powers[0] = 1 << 30; // x^1
        for (int k = 1; k < powers.length; k++) {
            powers[k] = multiply(powers[k - 1], powers[k - 1]);
        }
        return powers;
    }

    /** a times b modulo the polynomial. */
    private static int multiply(int a, int b) {
        int product = 0;
        int factor = b;
        for (int bit = 1 << 31; bit != 0; bit >>>= 1) {
            if ((a & bit) != 0) {
                product ^= factor;
            }
            factor = (factor & 1) != 0 ? factor >>> 1 ^ POLYNOMIAL : factor >>> 1;
        }
        return product;
    }
}
