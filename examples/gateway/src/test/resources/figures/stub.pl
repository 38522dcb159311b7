# An MCP server that starts in a few milliseconds, so that thousands of restarts are cheap. Modes are arguments:
#   journal=FILE  appends the message of every call to FILE before it is answered
#   hang          answers no call, while it goes on reading
#   work=MS       takes that many milliseconds for a call, one after the other
#   odd           does as the message says: close (its output), mute (closes its error output), big=BYTES (a long answer)
#   dies=FILE     exits with code 3 when it is initialized while FILE exists
#   deaf          reads nothing after the handshake
#   flood=MB      writes that many megabytes a second of noise to output and error output after the handshake
#   crash=FILE    appends a byte to FILE, and exits at once while FILE.broken exists
#   tree          two descendants that were forked twice and hold the output; nothing here ends by itself, by EOF or by TERM
use strict;
use warnings;
use Time::HiRes qw(sleep time);

my %mode = map { /^([a-z]+)(?:=(.*))?$/s ? ($1, defined $2 ? $2 : 1) : () } @ARGV;

if ($mode{crash}) {
    open my $starts, '>>', $mode{crash} or die "crash: $!";
    syswrite $starts, '.';
    close $starts;
    exit 3 if -e "$mode{crash}.broken";
}
if ($mode{tree}) {
    $SIG{$_} = 'IGNORE' for qw(TERM HUP INT PIPE);
    for (1 .. 2) {
        my $first = fork;
        die "fork: $!" unless defined $first;
        if (!$first) {
            my $second = fork;
            exit 0 if $second;
            sleep 3600 while 1;
        }
        waitpid $first, 0;
    }
}
my $journal;
if ($mode{journal}) {
    open $journal, '>>', $mode{journal} or die "journal: $!";
}

sub say_all {
    my ($to, $bytes) = @_;
    while (length $bytes) {
        my $done = syswrite $to, $bytes;
        return if !defined $done;
        substr $bytes, 0, $done, '';
    }
}

sub flood {
    my $burst = ('x' x 1023 . "\n") x 64;
    my ($begin, $sent) = (time, 0);
    while (1) {
        say_all(*STDOUT, $burst);
        say_all(*STDERR, $burst);
        $sent += 2 * length $burst;
        my $ahead = $sent / ($mode{flood} * 1_000_000) - (time - $begin);
        sleep $ahead if $ahead > 0.005;
    }
}

my ($input, $ready) = ('', 0);
while (1) {
    my $read = sysread STDIN, $input, 65536, length $input;
    last if !$read;
    my $output = '';
    while ($input =~ s/^([^\n]*)\n//) {
        my $frame = $1;
        my ($method) = $frame =~ /"method":"([^"]*)"/;
        my ($id) = $frame =~ /"id":("(?:[^"\\]|\\.)*"|-?\d+)/;
        $ready = 1 if defined $method && $method eq 'notifications/initialized';
        next if !defined $id || !defined $method;
        my $result;
        if ($method eq 'initialize') {
            if ($mode{dies} && -e $mode{dies}) {
                say_all(*STDERR, "no license\n");
                exit 3;
            }
            $result = '"result":{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},'
                . '"serverInfo":{"name":"stub","version":"1"}}';
        } elsif ($method eq 'ping') {
            $result = '"result":{}';
        } elsif ($method eq 'tools/list') {
            $result = '"result":{"tools":[{"name":"echo","inputSchema":{"type":"object"}}]}';
        } elsif ($method eq 'tools/call') {
            my ($message) = $frame =~ /"message":"([^"]*)"/;
            $message = '' if !defined $message;
            syswrite $journal, "$message\n" if $journal;
            next if $mode{hang};
            if ($mode{odd}) {
                if ($message eq 'close') { close STDOUT; sleep 3600 while 1; }
                close STDERR if $message eq 'mute';
                $message = 'x' x $1 if $message =~ /^big=(\d+)$/;
            }
            sleep $mode{work} / 1000 if $mode{work};
            $result = qq("result":{"content":[{"type":"text","text":"$message"}],)
                . qq("structuredContent":{"message":"$message"}});
        } else {
            $result = '"error":{"code":-32601,"message":"Method not found"}';
        }
        $output .= qq({"jsonrpc":"2.0","id":$id,$result}\n);
        if ($mode{work}) {
            say_all(*STDOUT, $output);
            $output = '';
        }
    }
    say_all(*STDOUT, $output) if length $output;
    if ($ready && $mode{deaf}) { sleep 3600 while 1; }
    flood() if $ready && $mode{flood};
}
if ($mode{tree}) { sleep 3600 while 1; }
