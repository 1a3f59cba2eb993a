/**
 * A folder as an object store. Objects are files under names that a person can read; a put is whole or not at all, also
 * after a crash; nothing outside the folder is read or written. What is left beside the files is described in
 * {@code docs/format-local.md}.
 */
@NullMarked
package dev.anystore.local;

import org.jspecify.annotations.NullMarked;
