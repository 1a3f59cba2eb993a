/** The provider of the README. */
@NullMarked
package dev.anystore.testkit.example;

import org.jspecify.annotations.NullMarked;
