package io.provision.cli.option;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** What has left the inventory and is to be taken away; nothing else ever is. */
public final class RemoveOption {
  @Option(
      names = "--remove",
      paramLabel = "NAME",
      split = ",",
      description = {
        "remove this host or volume, which has left the inventory (as the plan names it, for"
            + " example w3 or volume/old); --yes alone never removes anything"
      })
  private List<String> words = new ArrayList<>();

  public List<String> words() {
    return words;
  }
}
