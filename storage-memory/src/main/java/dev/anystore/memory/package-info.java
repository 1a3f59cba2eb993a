/**
 * An object store in memory with every power that needs no URL, for tests: {@link dev.anystore.memory.MemoryStore}
 * opens one, with limits and a clock that the test sets.
 */
@NullMarked
package dev.anystore.memory;

import org.jspecify.annotations.NullMarked;
