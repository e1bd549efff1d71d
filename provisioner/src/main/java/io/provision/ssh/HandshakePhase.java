package io.provision.ssh;

/** How far a login has come. */
public enum HandshakePhase {
  /** No TCP connection yet. */
  CONNECTING,
  /** It stands, and not a byte has come. */
  GREETING,
  KEY_EXCHANGE,
  LOGIN
}
