/**
 * Floor 5, below the two SSH adapters, which share it: who a host is to SSH ({@link
 * io.provision.ssh.Logins}: the inventory over ssh_config), whether its key is the known one
 * ({@link io.provision.ssh.HostKeys}), how patient to be ({@link io.provision.ssh.Attempts}), and
 * how many sessions a server allows ({@link io.provision.ssh.SessionSlots}). Knows no SSH library.
 */
@NullMarked
package io.provision.ssh;

import org.jspecify.annotations.NullMarked;
