package io.provision.engine;

/** What a run is for. */
public enum RunVerb {
  PLAN,
  APPLY
}
