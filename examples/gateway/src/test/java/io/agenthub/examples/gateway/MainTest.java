package io.agenthub.examples.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.ConfigurationException;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.core.AgentHub;
import io.agenthub.core.HubBuilder;
import io.agenthub.tck.Await;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The program as its users see it: what it prints, what it serves, how it ends. */
class MainTest {
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    @TempDir
    Path folder;

    /** A run that ends by itself. */
    private record Ended(int code, String out, String err) {}

    private static Ended run(Map<String, String> environment, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Main.run(
                arguments,
                environment,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Ended(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** The program in a JVM of its own. */
    private static final class Running implements AutoCloseable {
        /** One, since each keeps a connection, and a gateway has only so many. */
        final HttpClient client = HttpClient.newHttpClient();

        final Process process;
        final StringBuilder banner = new StringBuilder();
        String example = "";
        URI address = URI.create("http://127.0.0.1");

        Running(Path folder, String... arguments) throws IOException {
            List<String> command = new ArrayList<>(
                    List.of(JAVA, "-Xshare:auto", "-cp", System.getProperty("java.class.path"), Main.class.getName()));
            command.addAll(List.of(arguments));
            process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectError(folder.resolve("err.txt").toFile())
                    .start();
            Pattern url = Pattern.compile("http://[0-9.]+:[0-9]+");
            BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
            String line = out.readLine();
            for (; line != null && !line.contains("curl"); line = out.readLine()) {
                banner.append(line).append('\n');
                Matcher matcher = url.matcher(line);
                if (matcher.find()) {
                    address = URI.create(matcher.group());
                }
            }
            example = String.valueOf(line);
        }

        HttpResponse<String> post(String path, String body) {
            return Await.value(client.sendAsync(
                    HttpRequest.newBuilder(address.resolve(path))
                            .version(HttpClient.Version.HTTP_1_1)
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofString(body))
                            .build(),
                    BodyHandlers.ofString()));
        }

        JsonText health() {
            return JsonText.of(Await.value(client.sendAsync(
                            HttpRequest.newBuilder(address.resolve("/health")).build(), BodyHandlers.ofString()))
                    .body());
        }

        int ended() throws InterruptedException {
            assertTrue(process.waitFor(30, TimeUnit.SECONDS), "it does not end");
            return process.exitValue();
        }

        void signal(String name) throws IOException, InterruptedException {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
        }

        @Override
        public void close() {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    @Test
    void helpAndVersionArePrinted() {
        Ended help = run(Map.of(), "--help");
        assertEquals(new Ended(0, CommandLine.USAGE, ""), help);

        Ended version = run(Map.of(), "--version");
        assertEquals(0, version.code());
        assertTrue(version.out().startsWith("agenthub-gateway "), version.out());
    }

    @Test
    void aWrongOptionIsAnsweredWithTheUsageAndTwo() {
        Ended ended = run(Map.of(), "--bogus");

        assertEquals(2, ended.code());
        assertEquals("", ended.out());
        assertTrue(ended.err().startsWith("agenthub-gateway: unknown option --bogus\n"), ended.err());
        assertTrue(ended.err().contains("Usage: "), ended.err());
    }

    private void assertOneClearLine(Ended ended, String... words) {
        assertEquals(1, ended.code());
        assertEquals("", ended.out());
        assertEquals(1, ended.err().lines().count(), ended.err());
        for (String word : words) {
            assertTrue(ended.err().contains(word), ended.err());
        }
    }

    @Test
    void whatCannotBeUsedIsSaidInOneLine() throws IOException {
        assertOneClearLine(run(Map.of(), "--config", folder.resolve("none.json").toString()), "none.json");

        Path file = folder.resolve("servers.json");
        Files.writeString(file, "{\"mcpServers\":{}, \"agenthub\":{\"gateway\":{\"prot\":1}}}");
        assertOneClearLine(run(Map.of(), "--config", file.toString()), "prot", "port");

        Files.writeString(file, "{\"mcpServers\":{\"a\":{\"command\":\"x\",\"argz\":[]}}}");
        assertOneClearLine(run(Map.of(), "--config", file.toString()), "argz", "args");

        Files.writeString(file, "{\"mcpServers\":{\"a\":{\"command\":\"x\",\"env\":{\"K\":\"${NOT_SET_ANYWHERE}\"}}}}");
        assertOneClearLine(run(Map.of(), "--config", file.toString()), "NOT_SET_ANYWHERE");

        assertOneClearLine(run(Map.of(), "--host", "0.0.0.0", "--port", "0"), " --host: is", "gateway.token");
        assertOneClearLine(run(Map.of("AGENTHUB_TOKEN", " "), "--port", "0"), " AGENTHUB_TOKEN: is empty");
        assertOneClearLine(run(Map.of(), "--name", "Not A Name", "--", "x"), "Not A Name");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void whatItSaysToTryWorksAsItIs() throws Exception {
        Path file = folder.resolve("servers.json");
        Files.writeString(file, options("{\"gateway\":{\"port\":0,\"host\":\"0.0.0.0\",\"token\":\"t0ken\"}}"));
        try (Running running = new Running(folder, "--config", file.toString())) {
            assertFalse((running.banner + running.example).contains("t0ken"), running.example);
            ProcessBuilder shell = new ProcessBuilder("sh", "-c", running.example);
            shell.environment().put("AGENTHUB_TOKEN", "t0ken");
            String answer = new String(shell.start().getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(answer.contains("\"result\":{\"tools\":["), running.example + answer);
        }
    }

    @Test
    void aPortThatIsTakenIsSaidOfTheOptionThatWasWritten() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            String where = "port: cannot listen on 127.0.0.1:" + port;
            assertOneClearLine(run(Map.of(), "--port", "" + port), " --" + where);

            Path file = folder.resolve("servers.json");
            Files.writeString(file, "{\"agenthub\":{\"gateway\":{\n\"port\":" + port + "}}}");
            Ended ended = run(Map.of(), "--config", file.toString());
            assertOneClearLine(ended, " agenthub.gateway." + where, " (servers.json, line 2)");
            assertOneClearLine(run(Map.of(), "--config", file.toString(), "--port", "" + port), " --" + where);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'retries':{'max':1}} | agenthub.retries: unknown key",
                "{'gateway':{'port':0,~'drainTimeout':'2h'}} | agenthub.gateway.drainTimeout: is",
                "{'gateway':{'port':0,~'host':'0.0.0.0'}} | agenthub.gateway.host: is",
                "{'gateway':{'port':0},~'activity':'nope'} | agenthub.activity: no activity store",
                "{'gateway':{'port':0},~'supervisor':{'provider':'nope'}} | agenthub.supervisor: no supervisor",
                "{'gateway':{'port':0},~'supervisor':{'provider':'backoff','x':1}} | agenthub.supervisor.x: unknown key",
                "{'gateway':{'port':0},~'enhancementCache':'nope'} | agenthub.enhancementCache: no enhancement cache",
                "{'gateway':{'port':0},~'drainTimeout':'2h'} | agenthub.drainTimeout: is",
            })
    void whatIsWrongWithTheOptionsOfTheHubIsSaidWithItsPlace(String options, String told) throws IOException {
        Path file = folder.resolve("servers.json");
        Files.writeString(file, "{\"agenthub\":" + options.replace('\'', '"').replace('~', '\n') + "}");
        Ended ended = run(Map.of(), "--config", file.toString());
        assertOneClearLine(ended, told);
        String line = options.contains("~") ? "(servers.json, line 2)" : "(servers.json, line 1)";
        assertTrue(ended.err().stripTrailing().endsWith(line), ended.err());
    }

    @Test
    void aSectionThatSomebodyReadsIsNoUnknownKey() throws IOException {
        Path file = folder.resolve("servers.json");
        Files.writeString(file, "{\"agenthub\":{\"gateway\":{\"port\":1},\"mine\":{\"a\":1}}}");
        HubBuilder builder = AgentHub.builder().configFile(file);
        assertEquals(
                "agenthub.mine",
                assertThrows(ConfigurationException.class, builder::build).path());
        assertEquals(Set.of("a"), builder.section("mine", settings -> Set.copyOf(settings.keys())));
        builder.build().close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    @DisabledOnOs(OS.WINDOWS)
    void withoutAnythingItServesTheDemoUntilASignalComes(String signal) throws Exception {
        try (Running running = new Running(folder, "--port", "0")) {
            assertTrue(
                    running.banner.toString().contains("demo: starts with the first call"), running.banner.toString());
            HttpResponse<String> reply = running.post(
                    "/mcp/demo/tools/call",
                    "{\"jsonrpc\":\"2.0\",\"id\":\"é\",\"params\":{\"name\":\"add\",\"arguments\":{\"a\":0.1,\"b\":0.2}}}");
            assertEquals(200, reply.statusCode(), reply.body());
            assertEquals(
                    "{\"jsonrpc\":\"2.0\",\"id\":\"é\",\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"0.3\"}]}}",
                    JsonText.of(reply.body())
                            .toString()
                            .replace("\"text\":\"0.3\",\"type\":\"text\"", "\"type\":\"text\",\"text\":\"0.3\""));
            List<ProcessHandle> children = running.process.descendants().toList();
            assertFalse(children.isEmpty());

            running.signal(signal);

            assertEquals(0, running.ended());
            String err = Files.readString(folder.resolve("err.txt"));
            assertFalse(err.contains("SLF4J"), err);
            for (ProcessHandle child : children) {
                Await.until("the server is gone", () -> !child.isAlive());
            }
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aSecondSignalEndsItAtOnce() throws Exception {
        try (Running running = new Running(folder, "--port", "0")) {
            HttpClient.newHttpClient()
                    .sendAsync(
                            HttpRequest.newBuilder(running.address.resolve("/mcp/demo/tools/call"))
                                    .version(HttpClient.Version.HTTP_1_1)
                                    .header("Content-Type", "application/json")
                                    .POST(BodyPublishers.ofString(
                                            "{\"name\":\"delay\",\"arguments\":{\"milliseconds\":20000}}"))
                                    .build(),
                            BodyHandlers.ofString());
            Await.until(
                    "the call is with the server",
                    () -> running.process.descendants().count() > 0);

            running.signal("TERM");
            Await.never(Duration.ofMillis(500), "it does not wait for the call", () -> !running.process.isAlive());
            running.signal("TERM");

            assertEquals(128 + 15, running.ended());
        }
    }

    @Test
    void aFileInsteadOfADataFolderIsCalledOne() throws IOException {
        Path file = Files.writeString(folder.resolve("two.json"), "{}");
        Ended ended = run(Map.of(), "--data", file.toString());

        assertTrue(ended.err().contains("--data " + file + ": is not a folder"), ended.err());
        assertEquals("{}", Files.readString(file));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aCommandIsServedAsTheOneServer() throws Exception {
        try (Running running = new Running(
                folder,
                "--port",
                "0",
                "--",
                JAVA,
                "-cp",
                System.getProperty("java.class.path"),
                DemoServer.class.getName())) {
            HttpResponse<String> reply =
                    running.post("/mcp/default/tools/call", "{\"name\":\"echo\",\"arguments\":{\"message\":\"hi\"}}");

            assertEquals(200, reply.statusCode(), reply.body());
            assertTrue(reply.body().contains("\"hi\""), reply.body());
            assertEquals(404, running.post("/mcp/demo/tools/list", "").statusCode());
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aConfigurationFileNamesServersAndTheGatewaysOptions() throws Exception {
        Path file = folder.resolve("servers.json");
        Files.writeString(
                file,
                JsonText.ofValue(Map.of(
                                "mcpServers",
                                Map.of(
                                        "mine",
                                        Map.of(
                                                "command",
                                                JAVA,
                                                "args",
                                                List.of(
                                                        "-cp",
                                                        System.getProperty("java.class.path"),
                                                        DemoServer.class.getName()))),
                                "agenthub",
                                Map.of("gateway", Map.of("port", 0, "maxBodyBytes", 64))))
                        .toString());
        Path data = folder.resolve("data");
        try (Running running = new Running(folder, "--config", file.toString(), "--data", data.toString())) {
            assertEquals(200, running.post("/mcp/mine/tools/list", "").statusCode());
            assertEquals(
                    413, running.post("/mcp/mine/tools/list", " ".repeat(65)).statusCode());
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(data)));
        }
    }

    private static String options(String agenthub) {
        return "{\"mcpServers\":{\"mine\":{\"command\":" + JsonText.quote(JAVA) + ",\"args\":[\"-cp\","
                + JsonText.quote(System.getProperty("java.class.path")) + ",\"" + DemoServer.class.getName()
                + "\"]}},\"agenthub\":" + agenthub + "}";
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aChangedFileIsHeldToWhatTheNextStartWouldAskOfIt() throws Exception {
        Path file = folder.resolve("servers.json");
        Files.writeString(file, options("{\"gateway\":{\"port\":0}}"));
        try (Running running = new Running(folder, "--config", file.toString())) {
            for (Map.Entry<String, String> wrong : Map.of(
                            "{\"gateway\":{\"prot\":\"x\"}}", "prot",
                            "{\"gateway\":{\"port\":0,\"host\":\"0.0.0.0\"}}", "gateway.token",
                            "{\"gateway\":{\"port\":0},\"activity\":\"nope\"}", "nope",
                            "{\"gateway\":{\"port\":0},\"supervisor\":{\"provider\":\"backoff\",\"maxParallelStart\":1}}",
                                    "maxParallelStart")
                    .entrySet()) {
                Files.writeString(file, options(wrong.getKey()));
                Await.until(
                        "refused: " + wrong.getKey(),
                        () -> running.health()
                                .at("/configurationProblem/message")
                                .flatMap(JsonText::string)
                                .filter(message -> message.contains(wrong.getValue()))
                                .isPresent());
            }
            String err = Files.readString(folder.resolve("err.txt"));
            assertFalse(err.contains("in force"), err);

            Files.writeString(file, options("{\"gateway\":{\"port\":1},\"drainTimeout\":\"3s\"}"));
            Await.until(
                    "taken over",
                    () -> running.health().member("configurationProblem").isEmpty());
            Await.until(
                    "what is not in force is named",
                    () -> read(folder.resolve("err.txt"))
                            .contains("needs a restart: agenthub.drainTimeout, agenthub.gateway"));
            assertEquals(200, running.post("/mcp/mine/tools/list", "").statusCode());
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
