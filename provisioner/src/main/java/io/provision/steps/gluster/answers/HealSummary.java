package io.provision.steps.gluster.answers;

import java.util.List;
import java.util.Optional;

/**
 * What {@code gluster volume heal NAME info summary} says. A brick that is down has no counts at
 * all, and the answer says that all went well: so what is missing is not zero.
 */
public record HealSummary(List<Brick> bricks) {
  public HealSummary {
    bricks = List.copyOf(bricks);
  }

  /** How many entries of one brick are not what they should be; empty where nobody knows. */
  public record Brick(
      String name,
      String status,
      Optional<Integer> total,
      Optional<Integer> pending,
      Optional<Integer> splitBrain,
      Optional<Integer> healing) {

    /** Whether it is connected and all four counts are there. */
    public boolean isKnown() {
      return status.equals("Connected")
          && total.isPresent()
          && pending.isPresent()
          && splitBrain.isPresent()
          && healing.isPresent();
    }

    /** Whether it is known that nothing waits to be healed. */
    public boolean isWhole() {
      return isKnown()
          && total.orElseThrow() == 0
          && pending.orElseThrow() == 0
          && splitBrain.orElseThrow() == 0
          && healing.orElseThrow() == 0;
    }
  }

  public static Reading<HealSummary> read(String answer) {
    return GlusterXml.read(
        answer,
        root -> {
          var bricks =
              root.one("healInfo").one("bricks").all("brick").stream()
                  .map(HealSummary::brick)
                  .toList();
          if (bricks.isEmpty()) {
            throw new GlusterXml.Malformed("the answer names no bricks");
          }
          return new HealSummary(bricks);
        });
  }

  private static Brick brick(GlusterXml xml) {
    return new Brick(
        xml.text("name"),
        // of a brick that is down, the program forgets to end the words (10.3)
        xml.text("status").replaceFirst("totalNumberOfEntries.*$", ""),
        xml.numberIfThere("totalNumberOfEntries"),
        xml.numberIfThere("numberOfEntriesInHealPending"),
        xml.numberIfThere("numberOfEntriesInSplitBrain"),
        xml.numberIfThere("numberOfEntriesPossiblyHealing"));
  }
}
