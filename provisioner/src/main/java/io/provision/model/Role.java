package io.provision.model;

/** What a host is for. A host may have several; one without any belongs to no cluster. */
public enum Role {
  CONTROL_PLANE("control-plane"),
  WORKER("worker"),
  STORAGE("storage");

  private final String key;

  Role(String key) {
    this.key = key;
  }

  /** The name that inventories and playbooks use. */
  public String key() {
    return key;
  }
}
