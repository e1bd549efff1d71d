/**
 * Floor 1. The port to one host: what is asked of it ({@link io.provision.remote.Script}), what
 * comes back ({@link io.provision.remote.Answer}), what can go wrong ({@link
 * io.provision.remote.RemoteException}), and the two interfaces an SSH library implements. Quoting,
 * becoming root, framing and the locked session are here, above the library, so that they are
 * written once. Never imports MINA or JSch.
 */
@NullMarked
package io.provision.remote;

import org.jspecify.annotations.NullMarked;
