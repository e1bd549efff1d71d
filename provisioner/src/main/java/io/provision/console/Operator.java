package io.provision.console;

import io.provision.model.Secret;
import java.util.Optional;

/** The person at the terminal, if there is one. */
public interface Operator {
  /** Whether somebody can be asked at all. */
  boolean present();

  /** Shows the lines and asks; where nobody is there the answer is no. */
  boolean agrees(java.util.List<String> shown, String question);

  /** Shows the lines and asks for a word; empty where nobody is there, or nothing was typed. */
  Optional<String> answer(java.util.List<String> shown, String question);

  /** Asks without echo; empty where nobody is there, or nothing was typed. */
  Optional<Secret> password(String prompt);

  /** Nobody is there. */
  static Operator absent() {
    return new Operator() {
      @Override
      public boolean present() {
        return false;
      }

      @Override
      public boolean agrees(java.util.List<String> shown, String question) {
        return false;
      }

      @Override
      public Optional<String> answer(java.util.List<String> shown, String question) {
        return Optional.empty();
      }

      @Override
      public Optional<Secret> password(String prompt) {
        return Optional.empty();
      }
    };
  }
}
