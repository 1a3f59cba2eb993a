/**
 * Everything that speaks S3. Each request is built, signed and sent here; what differs between services is a row of
 * {@link dev.anystore.s3.Profile} (how a server behaves) and of {@link dev.anystore.s3.Vendor} (how a user names one).
 */
@NullMarked
package dev.anystore.s3;

import org.jspecify.annotations.NullMarked;
