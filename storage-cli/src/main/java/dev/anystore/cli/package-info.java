/** The command {@code anystore}, for people and scripts. */
@NullMarked
package dev.anystore.cli;

import org.jspecify.annotations.NullMarked;
