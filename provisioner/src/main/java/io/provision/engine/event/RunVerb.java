package io.provision.engine.event;

/** What a run is for. */
public enum RunVerb {
  PLAN,
  APPLY
}
