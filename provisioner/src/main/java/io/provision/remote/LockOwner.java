package io.provision.remote;

/**
 * Who holds the lock of a host, in its own words.
 *
 * @param owner what the holder wrote when it took the lock
 */
public record LockOwner(String owner) {}
