package io.provision.local;

import java.util.Base64;

/** Certificates made for these tests alone; they open nothing. */
public final class TestCertificates {
  private TestCertificates() {}

  public static final String AUTHORITY =
      """
      -----BEGIN CERTIFICATE-----
      MIIBfDCCASGgAwIBAgIUJt9kQbeIT9fShUO99YxYWaweYU0wCgYIKoZIzj0EAwIw
      EjEQMA4GA1UEAwwHdGVzdC1jYTAgFw0yNjExMjIxNjAwNTVaGA8yMTI2MTAyOTE2
      MDA1NVowEjEQMA4GA1UEAwwHdGVzdC1jYTBZMBMGByqGSM49AgEGCCqGSM49AwEH
      A0IABF5qZ1czgFSs67ORe5BI0XxrvKh615DC/pj+rFgVMgxjjJ7SNy4j54bIE2EF
      YbpnlHMusXzlsHEOdsPh2gqQOf2jUzBRMB0GA1UdDgQWBBSbi1sqJ04OpOheRqC/
      np3YsbBNrDAfBgNVHSMEGDAWgBSbi1sqJ04OpOheRqC/np3YsbBNrDAPBgNVHRMB
      Af8EBTADAQH/MAoGCCqGSM49BAMCA0kAMEYCIQCCVL8hD4DpUrVznQCohISIOk17
      4wJwBcKgaAHZAn+T+wIhAOJ5C0cofmZWyXOVbUuAwi3sIrIwL6ZgTo1gfaLoOC+6
      -----END CERTIFICATE-----
      """;

  static final String OTHER_AUTHORITY =
      """
      -----BEGIN CERTIFICATE-----
      MIIBfzCCASWgAwIBAgIUaKF4Da8uRLZd8XRpvc64CmLlidgwCgYIKoZIzj0EAwIw
      FDESMBAGA1UEAwwJdGVzdC1jYS0yMCAXDTI2MTEyMjE2MDA1NVoYDzIxMjYxMDI5
      MTYwMDU1WjAUMRIwEAYDVQQDDAl0ZXN0LWNhLTIwWTATBgcqhkjOPQIBBggqhkjO
      PQMBBwNCAAQD+oh0gYZkLJPCEIA0HoKWSeiMhNEtMDcsVGQZH0W6LMzPRC634Owk
      6m6/nrfAYIMN9veZJBl4IyDMl8MRhiX8o1MwUTAdBgNVHQ4EFgQUhnCKmCaKqzP7
      ab7iXD6T9+8Y5TMwHwYDVR0jBBgwFoAUhnCKmCaKqzP7ab7iXD6T9+8Y5TMwDwYD
      VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiBcoEc2VEheeaFlEklthTUb
      MyZhxcqCCCfHHECReEzrbAIhAMf5kZ7bx5DZU+Xkb0FbbwaNpfXt1wEJWO9Mu1On
      wfYP
      -----END CERTIFICATE-----
      """;

  static final String CLIENT =
      """
      -----BEGIN CERTIFICATE-----
      MIIBqjCCAU+gAwIBAgIUS3q0s/hgWSxQiGWstAhWBxZ2aWIwCgYIKoZIzj0EAwIw
      KTEXMBUGA1UECgwOc3lzdGVtOm1hc3RlcnMxDjAMBgNVBAMMBWFkbWluMCAXDTI2
      MTEyMjE2MDA1NVoYDzIxMjYxMDI5MTYwMDU1WjApMRcwFQYDVQQKDA5zeXN0ZW06
      bWFzdGVyczEOMAwGA1UEAwwFYWRtaW4wWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
      AASB3i3ptSROYWb6M5zMZwPHO+MzqWbEc0jlsaYCIlI6x3nIP+BWY36+IoI16Y3H
      YhaLCyE+oXJEhUKPl/bCmrKWo1MwUTAdBgNVHQ4EFgQUkDe8Ap4mq+snsvmAgF/8
      LbH+PIkwHwYDVR0jBBgwFoAUkDe8Ap4mq+snsvmAgF/8LbH+PIkwDwYDVR0TAQH/
      BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEAoqKAeTwhq6VI/+djM39bLxrwRH3y
      lLa+7xh5wBU1M18CIQCmJiU1DdCLO6PAaAYKHZ6PTDqPtwqMIvLAA1/RK+02DQ==
      -----END CERTIFICATE-----
      """;

  static String base64(String text) {
    return Base64.getEncoder()
        .encodeToString(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  /** As a k3s server writes it to /etc/rancher/k3s/k3s.yaml. */
  public static String kubeconfigOfK3s(String authority) {
    return """
    apiVersion: v1
    clusters:
    - cluster:
        certificate-authority-data: %s
        server: https://127.0.0.1:6443
      name: default
    contexts:
    - context:
        cluster: default
        user: default
      name: default
    current-context: default
    kind: Config
    preferences: {}
    users:
    - name: default
      user:
        client-certificate-data: %s
        client-key-data: %s
    """
        .formatted(base64(authority), base64(CLIENT), base64("the key of a test"));
  }
}
