/**
 * Floor 5. The port {@link io.provision.remote.Transport} over Apache MINA SSHD 2.20. Imports the
 * port, the model and {@link io.provision.ssh}; nothing imports it but the wiring.
 */
@NullMarked
package io.provision.mina;

import org.jspecify.annotations.NullMarked;
