/**
 * Floor 5. The port {@link io.provision.remote.Transport} over JSch (the fork com.github.mwiede).
 * Imports the port, the model and {@link io.provision.ssh}; nothing imports it but the wiring.
 */
@NullMarked
package io.provision.jsch;

import org.jspecify.annotations.NullMarked;
