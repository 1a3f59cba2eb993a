/**
 * A small server that speaks Google Cloud Storage, for tests: {@link dev.anystore.testkit.gcs.GcsServer}. It keeps everything in
 * memory, checks digests, conditions, signatures and tokens, and breaks where it is told to.
 */
@NullMarked
package dev.anystore.testkit.gcs;

import org.jspecify.annotations.NullMarked;
