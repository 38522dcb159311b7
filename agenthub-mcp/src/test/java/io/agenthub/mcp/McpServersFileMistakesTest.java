package io.agenthub.mcp;

import static io.agenthub.mcp.ConfigFiles.server;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.ConfigurationException;
import io.agenthub.api.Settings;
import io.agenthub.api.hub.HubConfig;
import io.agenthub.tck.ManualScheduler;
import io.agenthub.tck.TckContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a configuration file must not say, and how its author learns of it. */
class McpServersFileMistakesTest {
    @TempDir
    Path folder;

    private ConfigFiles files;

    @BeforeEach
    void folder() {
        files = new ConfigFiles(folder);
    }

    private static void assertMentions(ConfigurationException refusal, String... words) {
        for (String word : words) {
            assertTrue(refusal.getMessage().contains(word), refusal.getMessage());
        }
    }

    private static void assertPlace(String path, int line, ConfigurationException mistake) {
        assertEquals(path + ": bad (mcp.json, line " + line + ")", mistake.getMessage());
    }

    @Test
    void anUnknownKeyIsNamedWithItsLineAndItsNearestNeighbour() {
        ConfigurationException refusal =
                files.refused("{\n \"mcpServers\": {\n  \"a\": {\n   \"command\": \"x\",\n   \"arg\": []\n  }\n }\n}");
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
        ConfigurationException refusal = files.refused(json.replace('\'', '"'));
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
        ConfigurationException refusal = files.refused(json.replace('\'', '"'));
        assertEquals(path, refusal.path());
        assertMentions(refusal, expected, "mcp.json");
    }

    @Test
    void aKeyThatStandsTwiceIsRefused() {
        ConfigurationException refusal =
                files.refused("{\"mcpServers\":{\n\"a\":{\"command\":\"x\"},\n\"a\":{\"command\":\"y\"}}}");
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
        ConfigurationException refusal = files.refused(text);
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
        ConfigurationException refusal = files.refused(text.replace('\'', '"') + '\n');
        assertMentions(refusal, "mcp.json", "is not JSON", place);
        for (String theirs : List.of("[Source", "REDACTED", "StreamReadFeature", "canary", "start marker")) {
            assertFalse(refusal.getMessage().contains(theirs), refusal.getMessage());
        }
    }

    @Test
    void whatIsReadLaterStillKnowsWhereItStands() {
        HubConfig config = files.text("""
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

    @Test
    void brokenJsonIsRefusedWithLineAndColumn() {
        assertMentions(files.refused("{\n  \"mcpServers\": {\n    \"a\" {}\n  }\n}"), "line 3", "column 9");
    }

    @Test
    void anUndefinedVariableIsNamedWithServerAndKeyButNoValue() {
        ConfigurationException refusal = files.refused(
                "{\"mcpServers\":{\"a\":{\"command\":\"x\",\n\"env\":{\"KEY\":\"${API_KEY}-${MISSING_ONE}\"}}}}");
        assertEquals("mcpServers.a.env.KEY", refusal.path());
        assertMentions(refusal, "MISSING_ONE", "line 2");
        assertFalse(refusal.getMessage().contains("canary"), refusal.getMessage());
    }

    @Test
    void aQuestionToAPersonCannotBeAnswered() {
        assertMentions(
                files.refused("{\"servers\":{\"a\":{\"command\":\"x\",\"env\":{\"K\":\"${input:key}\"}}}}"),
                "${env:NAME}");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        ConfigurationException refusal =
                assertThrows(ConfigurationException.class, () -> files.read(folder.resolve("absent.json")));
        assertMentions(refusal, "absent.json", "does not exist");
    }

    @Test
    void aFileThatIsNotUtf8IsRefused() throws IOException {
        Path file = Files.write(folder.resolve("latin.json"), new byte[] {'{', '"', (byte) 0xE9, '"', ':', '1', '}'});
        assertMentions(assertThrows(ConfigurationException.class, () -> files.read(file)), "UTF-8");
    }

    @Test
    void aFileOfVariablesThatIsNoneIsRefusedWithoutItsContent() {
        files.write("bad.env", "A=1\ncanary secret line\n");
        ConfigurationException refusal =
                files.refused("{\"mcpServers\":{\"a\":{\"command\":\"x\",\"envFile\":\"bad.env\"}}}");
        assertEquals("mcpServers.a.envFile", refusal.path());
        assertMentions(refusal, "line 2");
        assertFalse(refusal.getMessage().contains("canary"), refusal.getMessage());
        assertMentions(
                files.refused("{\"mcpServers\":{\"a\":{\"command\":\"x\",\"envFile\":\"no.env\"}}}"), "cannot be read");
    }

    @Test
    void twoNamesThatBecomeOneAreRefused() {
        ConfigurationException refusal = files.refused(
                "{\"mcpServers\":{\"My Server\":{\"command\":\"x\"},\n\"my-server\":{\"command\":\"y\"}}}");
        assertEquals("mcpServers.my-server", refusal.path());
        assertMentions(refusal, "'My Server'", "line 2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "---", "日本", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"})
    void aNameOfWhichNothingUsableIsLeftIsRefused(String name) {
        assertMentions(files.refused("{\"mcpServers\":{\"" + name + "\":{\"command\":\"x\"}}}"), "a-z, 0-9");
    }
}
