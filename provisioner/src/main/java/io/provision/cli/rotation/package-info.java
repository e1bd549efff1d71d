/** Floor 6. What a rotation has besides its run: words on its windows, a timer of this machine. */
@NullMarked
package io.provision.cli.rotation;

import org.jspecify.annotations.NullMarked;
