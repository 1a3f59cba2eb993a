/**
 * The transfer engine: parts, ranges, digests, retries and limits, once for every provider. Not exported.
 */
@NullMarked
package dev.anystore.engine;

import org.jspecify.annotations.NullMarked;
