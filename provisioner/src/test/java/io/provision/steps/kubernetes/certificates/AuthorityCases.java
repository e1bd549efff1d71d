package io.provision.steps.kubernetes.certificates;

import io.provision.model.Content;
import io.provision.model.Sha256;
import io.provision.resource.FileMode;
import io.provision.resource.FileState;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Files in which a node has the authority that it trusts, as tests want them. */
public final class AuthorityCases {
  /** One that openssl made for these tests; its key is nowhere. */
  public static final String CERTIFICATE =
      """
      -----BEGIN CERTIFICATE-----
      MIIBfjCCASOgAwIBAgIUBFX+i4gNqCdvz5Ih3dvsPiNy2FUwCgYIKoZIzj0EAwIw
      FDESMBAGA1UEAwwJcHJvdmlzaW9uMB4XDTI2MTEyODEzMTQzNVoXDTI3MTEyODEz
      MTQzNVowFDESMBAGA1UEAwwJcHJvdmlzaW9uMFkwEwYHKoZIzj0CAQYIKoZIzj0D
      AQcDQgAEX9JmbWG1uUH669/Ty9iX4UstE8mVZ569v92Lu2LAjRd3hT7JtDYFfUzL
      7WghTjmK9BgS9L3NnnEVxg/z/2TXLKNTMFEwHQYDVR0OBBYEFLECAjdbkY9Hxdyn
      EMP6v8HsO5H5MB8GA1UdIwQYMBaAFLECAjdbkY9HxdynEMP6v8HsO5H5MA8GA1Ud
      EwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSQAwRgIhANmqidnPDU/aRaUTD5WaHkTx
      QVtC61fwMpd9iopa+HbcAiEAwTTfZ5Tikquzb3nnArrWTjFcE7d02AEwnWxenkWb
      iPc=
      -----END CERTIFICATE-----
      """;

  private AuthorityCases() {}

  /** A file of root's with this text. */
  public static FileState file(String text) {
    return new FileState(
        FileState.Type.FILE,
        false,
        new FileMode(0644),
        new FileState.Owner("root", "root", "0", "0"),
        text.length(),
        Optional.of(digest(text)),
        Optional.of(new Content.Plain(text.getBytes(StandardCharsets.UTF_8))));
  }

  public static Sha256 digest(String text) {
    return Sha256.of(text.getBytes(StandardCharsets.UTF_8));
  }
}
