package io.provision.desk;

import io.provision.model.Secret;

/**
 * Those who are told something from this machine, by a URL that whoever knows it can write to: no
 * exception names it, or has one below it that does. For any thread.
 */
public interface Webhooks {

  /**
   * Fetches the URL, and refuses one to which nothing would be sent. It is not written to.
   *
   * @throws DeskException where it cannot be had, or is none
   */
  void require(Secret url) throws DeskException;

  /**
   * Posts, more than once where that may help: what is told can arrive twice. It takes half a
   * minute at most.
   *
   * @throws DeskException where it was not taken
   */
  void post(Secret url, String json) throws DeskException, InterruptedException;
}
