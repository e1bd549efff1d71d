package io.provision.section;

/** Regular expressions for addresses, in the dialect that Java and ECMA-262 share. */
public final class IpForm {
  private static final String OCTET = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
  private static final String H = "[0-9a-fA-F]{1,4}";

  public static final String V4 = OCTET + "(\\." + OCTET + "){3}";

  /** RFC 4291; of the form that ends in an IPv4 address only the two that are in use. */
  public static final String V6 =
      "("
          + String.join(
                  "|",
                  "(H:){7}H",
                  "(H:){1,7}:",
                  "(H:){1,6}:H",
                  "(H:){1,5}(:H){1,2}",
                  "(H:){1,4}(:H){1,3}",
                  "(H:){1,3}(:H){1,4}",
                  "(H:){1,2}(:H){1,5}",
                  "H:(:H){1,6}",
                  ":((:H){1,7}|:)",
                  "::([fF]{4}:)?" + V4)
              .replace("H", H)
          + ")";

  private IpForm() {}
}
