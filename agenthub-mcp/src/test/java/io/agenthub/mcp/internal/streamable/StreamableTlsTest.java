package io.agenthub.mcp.internal.streamable;

import static io.agenthub.tck.StageContract.assertFailsUnwrapped;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.ErrorKind;
import io.agenthub.api.bridge.ConnectException;
import io.agenthub.api.server.ServerSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS towards servers: who is trusted, and for which name. */
class StreamableTlsTest extends StreamableFixture {
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    private Path folder;

    /** A server with a certificate of its own for a name. */
    private FakeHttp secure(String name) throws IOException, InterruptedException, GeneralSecurityException {
        Path store = folder.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "it",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "san=dns:" + name,
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        new String(PASSWORD))
                .redirectErrorStream(true)
                .start();
        assertTrue(keytool.waitFor(60, TimeUnit.SECONDS), "keytool does not end");
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        Certificate certificate = keys.getCertificate("it");
        Files.writeString(
                folder.resolve(name + ".pem"),
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder().encodeToString(certificate.getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(managers.getKeyManagers(), null, null);
        return keep(new FakeHttp(tls, (request, answer) -> {
            switch (request.rpcMethod()) {
                case "initialize" -> initialize(request, answer, "s");
                case "tools/call" -> answer.json(200, result(request, "{\"secure\":true}"));
                default -> answer.status(request.method().equals("GET") ? 405 : 202);
            }
        }));
    }

    private ServerSpec.Builder spec(FakeHttp http, String trusted) {
        return spec("https://localhost:" + http.port() + "/mcp")
                .setting("caFile", folder.resolve(trusted + ".pem").toString())
                .setting("protocol", "legacy");
    }

    @Test
    void aTrustedCertificateForTheHostIsAccepted() throws Exception {
        FakeHttp http = secure("localhost");
        assertEquals("{\"secure\":true}", value(call(open(spec(http, "localhost")))));
    }

    @Test
    void aTrustedCertificateForAnotherHostIsRefusedAndNothingIsSent() throws Exception {
        FakeHttp http = secure("elsewhere.example");
        ConnectException failure =
                assertFailsUnwrapped(ConnectException.class, connect(spec(http, "elsewhere.example")));
        assertEquals(ErrorKind.SPAWN_FAILED, failure.kind());
        assertTrue(failure.getMessage().contains("TLS"), failure.getMessage());
        assertTrue(http.requests().isEmpty());
    }

    @Test
    void aCertificateThatNobodyTrustsIsRefusedAndNothingIsSent() throws Exception {
        FakeHttp http = secure("localhost");
        ConnectException failure = assertFailsUnwrapped(
                ConnectException.class,
                connect(spec("https://localhost:" + http.port() + "/mcp").setting("protocol", "legacy")));
        assertEquals(ErrorKind.SPAWN_FAILED, failure.kind());
        assertTrue(http.requests().isEmpty());
    }
}
