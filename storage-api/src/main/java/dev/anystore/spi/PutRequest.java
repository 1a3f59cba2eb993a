package dev.anystore.spi;

/**
 * Puts one object in one request, whole or not at all.
 *
 * @param key a valid key
 * @param payload its bytes
 * @param attributes what is stored beside them
 * @param condition when to write
 */
public record PutRequest(String key, Payload payload, Attributes attributes, WriteCondition condition) {}
