package io.agenthub.mcp.internal.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class EpollTransportTest extends TransportTck {
    @Override
    EventLoopGroup loops() {
        return new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    }

    @Override
    StdioTransport transport() {
        return new EpollTransport();
    }

    @Test
    void itIsChosenWhereItWorksAndTheChoiceIsTold() throws IOException {
        assertEquals(Optional.empty(), EpollTransport.obstacle(loops.next()));
        AtomicBoolean told = new AtomicBoolean();
        TransportChoice choice = new TransportChoice(pool, told);
        StdioTransport chosen = choice.choose("auto", loops.next());
        assertEquals("epoll", chosen.name());
        assertTrue(told.get());
        assertSame(chosen, choice.choose("epoll", loops.next()));
        assertEquals("threads", choice.choose("threads", loops.next()).name());
    }

    @Test
    void threadsAreChosenWhereTheLoopsAreOthers() throws IOException {
        EventLoopGroup nio = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        TransportChoice choice = new TransportChoice(pool, new AtomicBoolean());
        assertEquals("threads", choice.choose("auto", nio.next()).name());
        IOException refusal = assertThrows(IOException.class, () -> choice.choose("epoll", nio.next()));
        assertTrue(refusal.getMessage().contains("not epoll's"), refusal.getMessage());
        nio.shutdownGracefully();
    }

    @Test
    void noThreadIsMadeForAChild() {
        // Those of a child before, driven another way, may take their time to end.
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        RecordingPipes child = start("exec cat");
        assertTrue(Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread))
                .noneMatch(thread -> thread.getName().startsWith("agenthub-tck")));
        child.run(StdioPipes::closeInput);
    }
}
