/** Floor 6. The commands that take a whole cluster down and bring it up again. */
@NullMarked
package io.provision.cli.shutdown;

import org.jspecify.annotations.NullMarked;
