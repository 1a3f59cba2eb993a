/** A server that speaks Backblaze's B2, for tests: real HTTP in this process, nothing on the network but loopback. */
@NullMarked
package dev.anystore.testkit.b2;

import org.jspecify.annotations.NullMarked;
