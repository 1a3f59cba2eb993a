/**
 * What the author of a provider or a decorator proves it with: the contract of a store, a backend that fails on command, and
 * payloads for tests of bare backends.
 */
@NullMarked
package dev.anystore.testkit;

import org.jspecify.annotations.NullMarked;
