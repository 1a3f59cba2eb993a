/**
 * Google Cloud Storage. Objects travel by requests that are made here, over the transport of all rooms; Google's own client gives
 * credentials and administers buckets. What is asked for by {@code unwrap} is {@link dev.anystore.gcs.GcsObjects}.
 */
@NullMarked
package dev.anystore.gcs;

import org.jspecify.annotations.NullMarked;
