package io.agenthub.examples.gateway.figures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.tck.Await;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Secrets go through a gateway of its own process on every way there is, and turn up nowhere but where they were sent. */
@Tag("figure")
@EnabledOnOs(OS.LINUX)
class SecretsTest {
    private static final int ROUNDS = 20;
    private static final String CANARY = "canary-";
    private static final Pattern LISTENING = Pattern.compile("listens on (http://127\\.0\\.0\\.1:[0-9]+)");
    private static final String SERVER = """
            console.error('logged in by ' + process.env.API_TOKEN);
            require('readline').createInterface({input: process.stdin}).on('line', line => {
              const message = JSON.parse(line);
              if (message.id === undefined) return;
              const {name, arguments: given} = message.params ?? {};
              let answer = {result: {}};
              if (message.method === 'initialize') {
                answer = {result: {protocolVersion: '2025-06-18', capabilities: {tools: {}},
                  serverInfo: {name: 'leaky', version: '1'}}};
              } else if (name === 'fail') {
                console.error('refused: api_key=' + given.password);
                answer = {error: {code: -32000, message: 'refused: password=' + given.password}};
              } else if (name === 'crash') {
                console.error('password=' + given.password + ' with ' + process.env.API_TOKEN);
                process.exit(3);
              } else if (name) {
                answer = {result: {content: [{type: 'text', text: given.note}]}};
              }
              console.log(JSON.stringify({jsonrpc: '2.0', id: message.id, ...answer}));
            });
            """;

    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private final TreeSet<String> sent = new TreeSet<>();
    private Process process;
    private URI address;

    private String canary(String kind) {
        String canary = CANARY + kind + "-" + Long.toHexString(sent.size() * 0x9e3779b97f4a7c15L);
        sent.add(canary);
        return canary;
    }

    private void start() throws IOException {
        Path script = Files.writeString(folder.resolve("leaky.js"), SERVER);
        Path config = Files.writeString(folder.resolve("servers.json"), """
                {"mcpServers": {"leaky": {"command": "node", "args": ["%s"], "env": {"API_TOKEN": "${SECRET_OF_THE_TEST}"}}},
                 "agenthub": {"activity": "sqlite"}}
                """.formatted(script));
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=debug",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.agenthub.examples.gateway.Main",
                        "--config",
                        config.toString(),
                        "--data",
                        folder.resolve("data").toString(),
                        "--port",
                        "0")
                .redirectErrorStream(true)
                .redirectOutput(output().toFile());
        builder.environment().put("SECRET_OF_THE_TEST", canary("environment"));
        process = builder.start();
        Await.until(
                "the gateway listens", () -> !process.isAlive() || listening().find());
        Matcher listening = listening();
        assertTrue(listening.find(), "the gateway did not start");
        address = URI.create(listening.group(1));
    }

    private Path output() {
        return folder.resolve("output");
    }

    private Matcher listening() {
        return LISTENING.matcher(read(output()));
    }

    private static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file, StandardCharsets.ISO_8859_1) : "";
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void stop() {
        if (process != null) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private String post(String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(address.resolve(path))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + canary("header"))
                .header("Cookie", "session=" + canary("header"))
                .header("X-Api-Key", canary("header"))
                .POST(BodyPublishers.ofString(body))
                .build();
        return Await.value(client.sendAsync(request, BodyHandlers.ofString())).body();
    }

    private String call(String path, String tool) {
        return post(path, """
                {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "%s",
                 "arguments": {"password": "%s", "note": "%s"}}}
                """.formatted(tool, canary("argument"), canary("prompt")));
    }

    private String get(String path) {
        HttpRequest request = HttpRequest.newBuilder(address.resolve(path)).build();
        return Await.value(client.sendAsync(request, BodyHandlers.ofString())).body();
    }

    @Test
    void whatIsSecretIsNowhereButWhereItWasSent() throws IOException {
        start();
        for (int i = 0; i < ROUNDS; i++) {
            String note = call("/mcp/leaky/tools/call", "echo");
            assertTrue(note.contains(CANARY + "prompt"), note);
            call("/mcp/leaky/tools/call", "fail");
            call("/mcp/leaky/tools/call?token=" + canary("url"), "echo");
            call("/mcp/nobody/tools/call", "echo");
            post("/mcp/leaky/tools/call", "{\"jsonrpc\":\"2.0\",\"id\":\"" + canary("broken") + "\",");
        }
        call("/mcp/leaky/tools/call", "crash");
        Map<String, String> seen = new LinkedHashMap<>();
        Await.until(
                "the exit is recorded", () -> get("/audit/activity?kind=SERVER").contains("\"exited\""));
        for (String path : List.of(
                "/health",
                "/servers",
                "/servers/leaky",
                "/monitor",
                "/metrics",
                "/dashboard",
                "/audit/activity?limit=500",
                "/audit/activity/stats",
                "/audit/integrity/verify")) {
            seen.put(path, get(path));
        }
        seen.put("the log", read(output()));
        try (Stream<Path> files = Files.walk(folder.resolve("data"))) {
            files.filter(Files::isRegularFile)
                    .forEach(file -> seen.put(file.getFileName().toString(), read(file)));
        }
        Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .forEach(one -> seen.put(
                        "the command of " + one.pid(), read(Path.of("/proc", Long.toString(one.pid()), "cmdline"))));
        assertTrue(seen.get("/audit/activity?limit=500").contains("\"tool\":\"fail\""), "the record is empty");
        assertTrue(seen.get("the log").contains("leaky"), "the log is empty");

        List<String> found = new ArrayList<>();
        seen.forEach((where, text) ->
                sent.stream().filter(text::contains).forEach(canary -> found.add(canary + " in " + where)));
        new Figure("secrets")
                .target(
                        sent.size() >= 200,
                        "%d canaries in headers, arguments, URLs, errors and standard error",
                        sent.size())
                .target(
                        found.isEmpty(),
                        "%d found in %d views, files, logs and command lines",
                        found.size(),
                        seen.size())
                .print();
        assertEquals(List.of(), found);
    }
}
