package io.provision.remote;

/**
 * What one call printed on stdout, without the line end that closed it, and how it ended.
 *
 * @param status the call's exit status, 0 to 255
 */
public record Frame(int status, String output) {
  public boolean ok() {
    return status == 0;
  }
}
