/** When least is going on, by what was measured over the last weeks. */
@NullMarked
package io.provision.model.quiet;

import org.jspecify.annotations.NullMarked;
