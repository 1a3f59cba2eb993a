/**
 * How fast the library is, beside what the machine can do at best and beside other clients. Not part of what users get.
 */
@NullMarked
package dev.anystore.benchmarks;

import org.jspecify.annotations.NullMarked;
