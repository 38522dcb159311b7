package io.agenthub.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.ConfigurationException;
import io.agenthub.api.Settings;
import io.agenthub.api.hub.HubConfig;
import io.agenthub.api.server.ProcessPolicy;
import io.agenthub.api.server.RestartPolicy;
import io.agenthub.api.server.ServerLimits;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.api.server.StartMode;
import io.agenthub.api.server.ToolPinning;
import io.agenthub.api.server.ToolPrompt;
import io.agenthub.api.spi.ConfigurationProvider;
import io.agenthub.tck.ManualScheduler;
import io.agenthub.tck.TckContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class McpServersFileProviderTest {
    private static final Map<String, String> VARIABLES =
            Map.of("GITHUB_TOKEN", "canary-token", "API_KEY", "canary-key", "SANDBOX", "/jail", "EMPTY", "");

    @TempDir
    Path folder;

    private HubConfig read(Path file) {
        return new McpServersFileProvider().read(file, name -> Optional.ofNullable(VARIABLES.get(name)));
    }

    private HubConfig text(String json) {
        return read(write("mcp.json", json));
    }

    private Path write(String name, String text) {
        try {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private HubConfig sample(String name) {
        return sample(name, name);
    }

    private HubConfig sample(String resource, String as) {
        try (InputStream in = getClass().getResourceAsStream(resource)) {
            return read(write(as, new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private ConfigurationException refused(String json) {
        return assertThrows(ConfigurationException.class, () -> text(json));
    }

    private static ServerSpec server(HubConfig config, String name) {
        return config.servers().stream()
                .filter(spec -> spec.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> names(HubConfig config) {
        return config.servers().stream().map(ServerSpec::name).toList();
    }

    @Test
    void theProviderIsFoundByItsName() {
        assertTrue(ServiceLoader.load(ConfigurationProvider.class).stream()
                .anyMatch(found -> found.get().name().equals("mcp-servers")));
    }

    // As clients write it

    @Test
    void theFileOfClaudeDesktopWorksAsItIs() {
        HubConfig config = sample("claude_desktop_config.json");
        assertEquals(List.of("filesystem", "github", "brave-search"), names(config));
        ServerSpec github = server(config, "github");
        assertEquals("stdio", github.bridge());
        assertEquals("docker", github.settings().requiredString("command"));
        assertEquals(6, github.settings().strings("args").size());
        assertEquals(
                "ghp_0123456789abcdef0123456789abcdef0123",
                github.settings().stringMap("env").get("GITHUB_PERSONAL_ACCESS_TOKEN"));
        assertEquals(StartMode.ON_DEMAND, github.start());
        assertEquals(ServerLimits.DEFAULT, github.limits());
    }

    @Test
    void theFileOfVisualStudioCodeWorksAsItIs() {
        write(".env", "# comment\n\nexport FROM_FILE=\"yes\"\nHEADLESS=no\n");
        HubConfig config = sample("vscode-mcp.json", ".vscode/mcp.json");
        assertEquals(List.of("github", "playwright", "events"), names(config));
        ServerSpec github = server(config, "github");
        assertEquals("http", github.bridge());
        assertEquals("https://api.githubcopilot.com/mcp/", github.settings().requiredString("url"));
        assertEquals(
                "Bearer canary-token", github.settings().stringMap("headers").get("Authorization"));
        assertEquals("sse", server(config, "events").settings().requiredString("type"));
        ServerSpec playwright = server(config, "playwright");
        assertEquals(folder.toAbsolutePath().toString(), playwright.settings().requiredString("cwd"));
        assertEquals(
                Map.of(
                        "FROM_FILE",
                        "yes",
                        "HEADLESS",
                        "true",
                        "WORKERS",
                        "2",
                        "HOME_DIR",
                        System.getProperty("user.home")),
                playwright.settings().stringMap("env"));
    }

    @Test
    void theFileOfCursorWorksAsItIs() {
        HubConfig config = sample("cursor-mcp.json", ".cursor/mcp.json");
        assertEquals(List.of("server-name", "remote-server"), names(config));
        ServerSpec server = server(config, "server-name");
        assertEquals(
                List.of(folder.toAbsolutePath() + "/tools/mcp_server.py", "--sep", java.io.File.separator),
                server.settings().strings("args"));
        assertEquals(
                Map.of("API_KEY", "canary-key", "REGION", "eu-west-1", "TEMPLATE", "${NOT_A_VARIABLE} costs $5"),
                server.settings().stringMap("env"));
        assertEquals(
                "Bearer canary-key",
                server(config, "remote-server").settings().stringMap("headers").get("Authorization"));
    }

    @Test
    void theFileOfThePythonHubWorksAsItIs() {
        HubConfig config = sample("python-hub.json");
        ServerSpec context7 = server(config, "context7");
        assertEquals(StartMode.EAGER, context7.start());
        assertEquals(3, context7.restart().maxExits());
        assertEquals(RestartPolicy.DEFAULT.probeInterval(), context7.restart().probeInterval());
        assertEquals(Duration.ofSeconds(30), context7.healthInterval());
        ServerSpec memory = server(config, "memory");
        assertEquals(StartMode.ON_DEMAND, memory.start());
        assertEquals(0, memory.restart().maxExits());
        assertEquals(Duration.ZERO, memory.restart().probeInterval());
    }

    @Test
    void aByteOrderMarkIsPassedOver() {
        assertEquals(List.of("a"), names(text("\uFEFF{\"mcpServers\":{\"a\":{\"command\":\"x\"}}}")));
    }

    @Test
    void aFileWithoutServersIsAnEmptyHub() {
        assertEquals(List.of(), names(text("{}")));
        assertEquals(List.of(), names(text("{\"mcpServers\":{}}")));
    }

    @Test
    void keysThatOnlyAClientReadsArePassedOver() {
        HubConfig config = text("{\"mcpServers\":{\"a\":{\"command\":\"x\",\"autoApprove\":[\"t\"],"
                + "\"alwaysAllow\":[],\"timeout\":60,\"description\":\"d\"}}}");
        assertEquals(
                ServerSpec.stdio("a", "x").build().callTimeout(),
                server(config, "a").callTimeout());
        assertEquals(
                java.util.Set.of("command", "args", "env"),
                java.util.Set.copyOf(server(config, "a").settings().keys()));
    }

    // The hub's own options

    @Test
    void whoSharesConnectionsIsAModeOrAModeWithItsBound() {
        HubConfig config = text("{\"mcpServers\":{"
                + "\"a\":{\"command\":\"x\",\"agenthub\":{\"process\":\"session\"}},"
                + "\"b\":{\"command\":\"x\",\"agenthub\":{\"process\":{\"mode\":\"pool\",\"max\":3}}},"
                + "\"c\":{\"command\":\"x\"}}}");
        assertEquals(
                new ProcessPolicy(ProcessPolicy.Mode.SESSION, 16),
                server(config, "a").process());
        assertEquals(
                new ProcessPolicy(ProcessPolicy.Mode.POOL, 3),
                server(config, "b").process());
        assertEquals(ProcessPolicy.DEFAULT, server(config, "c").process());
        ConfigurationException failure = assertThrows(
                ConfigurationException.class,
                () -> text("{\"mcpServers\":{\"a\":{\"command\":\"x\",\"agenthub\":{\"process\":\"own\"}}}}"));
        assertTrue(failure.getMessage().contains("own"), failure.getMessage());
    }

    @Test
    void everyOptionOfAServerIsRead() {
        ServerSpec files = server(sample("everything.json"), "files");
        assertEquals(StartMode.EAGER, files.start());
        assertEquals(Duration.ofMinutes(2), files.startTimeout());
        assertEquals(Duration.ofSeconds(45), files.callTimeout());
        assertEquals(Duration.ZERO, files.healthInterval());
        assertEquals(Duration.ofMinutes(15), files.idleStop());
        assertEquals(new ServerLimits(32, 4 << 20, 7, 1 << 20), files.limits());
        assertEquals(
                new RestartPolicy(
                        Duration.ofMillis(100),
                        Duration.ofSeconds(5),
                        3,
                        0.5,
                        9,
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(1)),
                files.restart());
        assertEquals(5, files.breaker().failures());
        assertEquals(Duration.ofSeconds(10), files.breaker().openFor());
        assertEquals(
                List.of("bwrap", "--ro-bind", "/jail", "/"), files.settings().strings("wrapper"));
        assertEquals(
                List.of(ToolPrompt.always("draw", "/prompt"), ToolPrompt.asked("draw", "/style/0")), files.enhance());
        assertEquals(ToolPinning.BLOCK, files.toolPinning());
        assertEquals("legacy", files.settings().requiredString("protocol"));
        assertEquals("forward", files.settings().requiredString("roots"));
        assertEquals("threads", files.settings().requiredString("transport"));
        assertEquals(List.of("HTTPS_PROXY"), files.settings().strings("inheritEnv"));
        assertEquals(List.of("NODE_OPTIONS"), files.settings().strings("allowEnv"));
    }

    @Test
    void everyOptionOfTheHubIsRead() {
        HubConfig config = sample("everything.json");
        assertEquals(100, config.maxInFlight());
        assertEquals(64 << 20, config.maxInFlightBytes());
        assertEquals(Duration.ofSeconds(3), config.drainTimeout());
        assertEquals("backoff", config.supervisor().provider());
        assertEquals("ollama", config.enhancer().provider());
        assertEquals(
                Map.of("model", "llama3.2", "url", "http://127.0.0.1:11434"),
                config.enhancer().settings().asMap());
        assertEquals("64MiB", config.enhancementCache().settings().requiredString("maxBytes"));
        assertEquals("FULL", config.activity().settings().requiredString("durability"));
        assertEquals(
                9191,
                config.sections().get("gateway").integer("port", 0, 65_535).orElseThrow());
        assertEquals(java.util.Set.of("gateway"), config.sections().keySet());
    }

    // Names

    @ParameterizedTest
    @CsvSource({"GitHub,github", "My Server,my-server", "a.b/c,a-b-c", "__x__,x__", "Ünïcode 1,n-code-1", "a_b-c,a_b-c"
    })
    void aNameIsMadeFitForAUrl(String written, String name) {
        assertEquals(List.of(name), names(text("{\"mcpServers\":{\"" + written + "\":{\"command\":\"x\"}}}")));
    }

    @Test
    void twoNamesThatBecomeOneAreRefused() {
        ConfigurationException refusal =
                refused("{\"mcpServers\":{\"My Server\":{\"command\":\"x\"},\n\"my-server\":{\"command\":\"y\"}}}");
        assertEquals("mcpServers.my-server", refusal.path());
        assertMentions(refusal, "'My Server'", "line 2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "---", "日本", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"})
    void aNameOfWhichNothingUsableIsLeftIsRefused(String name) {
        assertMentions(refused("{\"mcpServers\":{\"" + name + "\":{\"command\":\"x\"}}}"), "a-z, 0-9");
    }

    // Mistakes

    private static void assertMentions(ConfigurationException refusal, String... words) {
        for (String word : words) {
            assertTrue(refusal.getMessage().contains(word), refusal.getMessage());
        }
    }

    @Test
    void anUnknownKeyIsNamedWithItsLineAndItsNearestNeighbour() {
        ConfigurationException refusal =
                refused("{\n \"mcpServers\": {\n  \"a\": {\n   \"command\": \"x\",\n   \"arg\": []\n  }\n }\n}");
        assertEquals("mcpServers.a.arg", refusal.path());
        assertMentions(refusal, "mcpServers.a.arg", "'args'", "mcp.json, line 5");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'mcpServer':{}} | mcpServer | 'mcpServers'",
                "{'mcpServers':{'a':{'command':'x','agenthub':{'calTimeout':'1s'}}}} | mcpServers.a.agenthub.calTimeout | 'callTimeout'",
                "{'mcpServers':{'a':{'command':'x','agenthub':{'limits':{'maxinflight':1}}}}} | mcpServers.a.agenthub.limits.maxinflight | 'maxInFlight'",
                "{'mcpServers':{'a':{'command':'x','agenthub':{'restart':{'jiter':1}}}}} | mcpServers.a.agenthub.restart.jiter | 'jitter'",
                "{'mcpServers':{'a':{'command':'x','agenthub':{'breaker':{'openfor':1}}}}} | mcpServers.a.agenthub.breaker.openfor | 'openFor'",
                "{'mcpServers':{'a':{'command':'x','agenthub':{'enhance':[{'tol':'t'}]}}}} | mcpServers.a.agenthub.enhance[0].tol | 'tool'",
                "{'agenthub':{'enhancementcache':'none'}} | agenthub.enhancementcache | 'enhancementCache'",
                "{'agenthub':{'maxInflight':5}} | agenthub.maxInflight | 'maxInFlight'",
                "{'agenthub':{'enhancr':'none'}} | agenthub.enhancr | 'enhancer'",
                "{'agenthub':{'enhancers':{'provider':'none'}}} | agenthub.enhancers | 'enhancer'",
                "{'agenthub':{'Gatway':{'port':1}}} | agenthub.Gatway | 'gateway'",
            })
    void anUnknownKeyIsRefusedWhereverItStands(String json, String path, String nearest) {
        ConfigurationException refusal = refused(json.replace('\'', '"'));
        assertEquals(path, refusal.path());
        assertMentions(refusal, nearest, "line 1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'mcpServers':[]} | mcpServers | an object",
                "{'mcpServers':{'a':{'command':1}}} | mcpServers.a.command | a string",
                "{'mcpServers':{'a':{'command':'x','args':'y'}}} | mcpServers.a.args | a list",
                "{'mcpServers':{'a':{'command':'x','args':[1]}}} | mcpServers.a.args | strings",
                "{'mcpServers':{'a':{'command':'x','env':{'K':['v']}}}} | mcpServers.a.env.K | a string",
                "{'mcpServers':{'a':{'command':'x','disabled':'no'}}} | mcpServers.a.disabled | true or false",
                "{'mcpServers':{'a':{'command':'x','agenthub':{'callTimeout':'soon'}}}} | mcpServers.a.agenthub.callTimeout | 30s",
                "{'mcpServers':{'a':{'command':'x','agenthub':{'callTimeout':'0s'}}}} | mcpServers.a | callTimeout",
                "{'mcpServers':{'a':{'command':'x','agenthub':{'limits':{'maxQueuedBytes':1}}}}} | mcpServers.a.agenthub.limits | maxQueuedBytes",
                "{'mcpServers':{'a':{'command':'x','agenthub':{'start':'now'}}}} | mcpServers.a.agenthub.start | eager",
                "{'mcpServers':{'a':{'command':'x','agenthub':{'enhance':{'tool':'t'}}}}} | mcpServers.a.agenthub.enhance | a list",
                "{'mcpServers':{'a':{'command':'x','agenthub':{'enhance':['t']}}}} | mcpServers.a.agenthub.enhance[0] | an object",
                "{'mcpServers':{'a':{'command':'x','agenthub':{'enhance':[{'pointer':'/p'}]}}}} | mcpServers.a.agenthub.enhance[0].tool | required",
                "{'mcpServers':{'a':{'command':'x','agenthub':{'enhance':[{'tool':'t'}]}}}} | mcpServers.a.agenthub.enhance[0].pointer | required",
                "{'mcpServers':{'a':{'command':'x','agenthub':{'enhance':[{'tool':'t','pointer':'p'}]}}}} | mcpServers.a.agenthub.enhance[0] | /prompt",
                "{'mcpServers':{'a':{'command':'x','agenthub':{'enhance':[{'tool':'t','pointer':'/p','when':'never'}]}}}} | mcpServers.a.agenthub.enhance[0].when | asked",
                "{'mcpServers':{'a':{'command':'x','agenthub':{'enhance':[{'tool':'t','pointer':'/p'},{'tool':'t','pointer':'/p','when':'asked'}]}}}} | mcpServers.a | twice",
                "{'mcpServers':{'a':{'command':'x','type':'http'}}} | mcpServers.a.type | stdio",
                "{'mcpServers':{'a':{'command':'x','url':'http://h'}}} | mcpServers.a.url | 'command'",
                "{'mcpServers':{'a':{}}} | mcpServers.a.command | required",
                "{'mcpServers':{'a':{'command':'  '}}} | mcpServers.a.command | required",
                "{'mcpServers':{'a':{'url':'http://h','args':[]}}} | mcpServers.a.args | command",
                "{'mcpServers':{'a':{'command':'x','headers':{}}}} | mcpServers.a.headers | url",
                "{'mcpServers':{},'servers':{}} | servers | mcpServers",
                "{'agenthub':{'maxInFlight':0}} | agenthub.maxInFlight | between",
                "{'agenthub':{'drainTimeout':'2h'}} | agenthub.drainTimeout | 1 h",
                "{'agenthub':{'monitor':{'interval':'1ms'}}} | agenthub.monitor.interval | between",
                "{'mcpServers':{'a':{'command':'x','agenthub':{'connectTimeout':'1s'}}}} | mcpServers.a.agenthub.connectTimeout | is only for servers with 'url'",
                "{'mcpServers':{'a':{'command':'x','agenthub':{'caFile':'f'}}}} | mcpServers.a.agenthub.caFile | is only for servers with 'url'",
                "{'mcpServers':{'a':{'command':'x','agenthub':{'maxConnections':1}}}} | mcpServers.a.agenthub.maxConnections | is only for servers with 'url'",
                "{'mcpServers':{'a':{'command':'x','agenthub':{'allowInsecure':true}}}} | mcpServers.a.agenthub.allowInsecure | is only for servers with 'url'",
                "{'mcpServers':{'a':{'url':'http://h','agenthub':{'umask':'022'}}}} | mcpServers.a.agenthub.umask | is only for servers with 'command'",
                "{'mcpServers':{'a':{'url':'http://h','agenthub':{'inheritEnv':[]}}}} | mcpServers.a.agenthub.inheritEnv | is only for servers with 'command'",
            })
    void aWrongValueIsRefusedWithItsPathAndWhatWouldBeRight(String json, String path, String expected) {
        ConfigurationException refusal = refused(json.replace('\'', '"'));
        assertEquals(path, refusal.path());
        assertMentions(refusal, expected, "mcp.json");
    }

    @Test
    void aKeyThatStandsTwiceIsRefused() {
        ConfigurationException refusal =
                refused("{\"mcpServers\":{\n\"a\":{\"command\":\"x\"},\n\"a\":{\"command\":\"y\"}}}");
        assertMentions(refusal, "Duplicate", "'a'", "line 3");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{\"mcpServers\": canary-key}",
                "{\"a\":1}}",
                "{\"mcpServers\":{\"a\":{\"args\":[null]}}}",
                "{'a':1}"
            })
    void whatIsNotJsonIsRefusedWithItsPlaceAndWithoutItsContent(String text) {
        ConfigurationException refusal = refused(text);
        assertFalse(refusal.getMessage().contains("canary"), refusal.getMessage());
        assertTrue(refusal.getMessage().contains("mcp.json"), refusal.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'mcpServers':{'a':{'command': | line 2, column 1",
                "{'mcpServers':{'a':{'args':['canary-key' | line 2, column 1",
                "{'mcpServers':{'a':{'command':'canary-k | line 1",
                "{'mcpServers':{}, /* canary-key | line 2, column 1",
                "{'mcpServers':{'a':{'command':tru | line 1",
            })
    void aFileThatEndsTooEarlyIsRefusedInOurOwnWords(String text, String place) {
        ConfigurationException refusal = refused(text.replace('\'', '"') + '\n');
        assertMentions(refusal, "mcp.json", "is not JSON", place);
        for (String theirs : List.of("[Source", "REDACTED", "StreamReadFeature", "canary", "start marker")) {
            assertFalse(refusal.getMessage().contains(theirs), refusal.getMessage());
        }
    }

    @Test
    void whatIsReadLaterStillKnowsWhereItStands() {
        HubConfig config = text("""
                {"mcpServers": {"a": {
                  "command": "x",
                  "agenthub": {
                    "umask": "9", "enhance": [
                      {"tool": "t", "pointer": "/p"}]}}},
                 "agenthub": {
                  "activity": "nope",
                  "enhancer": {"provider": "p",
                    "rules": {"x": 1}},
                  "gateway": {
                    "port": 1}}}
                """);
        assertEquals(
                "mcpServers.a.agenthub.umask: is '9', must be three or four octal digits such as \"022\""
                        + " (mcp.json, line 4)",
                assertThrows(
                                ConfigurationException.class,
                                () -> new StdioBridgeProvider()
                                        .create(server(config, "a"), TckContext.manual(new ManualScheduler())))
                        .getMessage());
        Settings server = server(config, "a").settings();
        assertPlace("mcpServers.a.agenthub.enhance[0].pointer", 4, server.error("enhance[0].pointer", "bad"));
        assertPlace("mcpServers.a.command", 2, server.error("command", "bad"));
        assertPlace("agenthub.activity", 7, config.activity().settings().error("", "bad"));
        assertPlace(
                "agenthub.enhancer.rules.x",
                9,
                config.enhancer().settings().section("rules").error("x", "bad"));
        assertPlace(
                "agenthub.gateway.port", 11, config.sections().get("gateway").error("port", "bad"));
    }

    private static void assertPlace(String path, int line, ConfigurationException mistake) {
        assertEquals(path + ": bad (mcp.json, line " + line + ")", mistake.getMessage());
    }

    @Test
    void brokenJsonIsRefusedWithLineAndColumn() {
        assertMentions(refused("{\n  \"mcpServers\": {\n    \"a\" {}\n  }\n}"), "line 3", "column 9");
    }

    @Test
    void anUndefinedVariableIsNamedWithServerAndKeyButNoValue() {
        ConfigurationException refusal = refused(
                "{\"mcpServers\":{\"a\":{\"command\":\"x\",\n\"env\":{\"KEY\":\"${API_KEY}-${MISSING_ONE}\"}}}}");
        assertEquals("mcpServers.a.env.KEY", refusal.path());
        assertMentions(refusal, "MISSING_ONE", "line 2");
        assertFalse(refusal.getMessage().contains("canary"), refusal.getMessage());
    }

    @Test
    void anEmptyVariableTakesItsDefaultAndWithoutOneItsValue() {
        ServerSpec server = server(
                text(
                        "{\"mcpServers\":{\"a\":{\"command\":\"x\",\"args\":[\"${EMPTY:-d}\",\"[${EMPTY}]\",\"${NO:-}\"]}}}"),
                "a");
        assertEquals(List.of("d", "[]", ""), server.settings().strings("args"));
    }

    @Test
    void aQuestionToAPersonCannotBeAnswered() {
        assertMentions(
                refused("{\"servers\":{\"a\":{\"command\":\"x\",\"env\":{\"K\":\"${input:key}\"}}}}"), "${env:NAME}");
    }

    @Test
    void variablesAreReplacedOnce() {
        ServerSpec server =
                server(read0("{\"mcpServers\":{\"a\":{\"command\":\"${CMD}\"}}}", Map.of("CMD", "${API_KEY}")), "a");
        assertEquals("${API_KEY}", server.settings().requiredString("command"));
    }

    private HubConfig read0(String json, Map<String, String> variables) {
        return new McpServersFileProvider()
                .read(write("mcp.json", json), name -> Optional.ofNullable(variables.get(name)));
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        ConfigurationException refusal =
                assertThrows(ConfigurationException.class, () -> read(folder.resolve("absent.json")));
        assertMentions(refusal, "absent.json", "does not exist");
    }

    @Test
    void aFileThatIsNotUtf8IsRefused() throws IOException {
        Path file = Files.write(folder.resolve("latin.json"), new byte[] {'{', '"', (byte) 0xE9, '"', ':', '1', '}'});
        assertMentions(assertThrows(ConfigurationException.class, () -> read(file)), "UTF-8");
    }

    @Test
    void aFileOfVariablesThatIsNoneIsRefusedWithoutItsContent() {
        write("bad.env", "A=1\ncanary secret line\n");
        ConfigurationException refusal =
                refused("{\"mcpServers\":{\"a\":{\"command\":\"x\",\"envFile\":\"bad.env\"}}}");
        assertEquals("mcpServers.a.envFile", refusal.path());
        assertMentions(refusal, "line 2");
        assertFalse(refusal.getMessage().contains("canary"), refusal.getMessage());
        assertMentions(
                refused("{\"mcpServers\":{\"a\":{\"command\":\"x\",\"envFile\":\"no.env\"}}}"), "cannot be read");
    }

    @Test
    void specsShowNoSecrets() {
        HubConfig config = sample("cursor-mcp.json");
        assertFalse(config.toString().contains("canary"), config.toString());
    }
}
