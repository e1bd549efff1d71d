package io.provision.kube;

/** What the API says that an apply would make of an object, before anything is changed. */
public sealed interface Preview {

  /** It was not asked: nothing differs, or nothing is there yet. */
  record NotAsked() implements Preview {}

  /**
   * The object as it would be.
   *
   * @param after with the API's defaults, and what its webhooks would make of it
   */
  record Would(LiveObject after) implements Preview {}

  /**
   * It cannot say, for example since a webhook with side effects takes no dry run.
   *
   * @param why in the API's words
   */
  record CannotSay(String why) implements Preview {}
}
