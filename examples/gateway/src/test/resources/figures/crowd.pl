# An MCP server of either era that starts in a few milliseconds. Arguments: legacy or modern, and a file to which it appends its
# process id. Its tools: echo answers the message; report does so after it has reported it as progress, twice; elicit and sample ask the caller with the message as the question, and answer
# "message/answer".
use strict;
use warnings;

my ($era, $pids) = @ARGV;
open my $journal, '>>', $pids or die "$pids: $!";
syswrite $journal, "$$\n";
close $journal;

my %question = (
    elicit => ['elicitation/create', '"requestedSchema":{"type":"object","properties":{"answer":{"type":"string"}}},"message":'],
    sample => ['sampling/createMessage', '"maxTokens":10,"messages":[{"role":"user","content":{"type":"text","text":"?"}}],"systemPrompt":'],
);
my $self = '"serverInfo":{"name":"crowd","version":"1"}';
my $tools = join ',', map { qq({"name":"$_","inputSchema":{"type":"object"}}) } qw(echo report elicit sample);
my (%asked, $questions);
my $complete = $era eq 'modern' ? '"resultType":"complete",' : '';

sub text { qq("result":{$complete"content":[{"type":"text","text":"$_[0]"}]}) }

sub call {
    my ($id, $frame) = @_;
    my ($tool) = $frame =~ /"name":"(echo|report|elicit|sample)"/;
    my ($message) = $frame =~ /"message":"([^"]*)"/;
    if ($tool eq 'report') {
        my ($token) = $frame =~ /"progressToken":("[^"]*"|-?\d+)/;
        return (text($message), join '', map { qq({"jsonrpc":"2.0","method":"notifications/progress","params":)
            . qq({"progressToken":$token,"progress":$_,"message":"$message"}}\n) } 1 .. 2);
    }
    my $ask = $question{$tool} or return text($message);
    my ($method, $params) = @$ask;
    if ($era eq 'modern') {
        my ($answer) = $frame =~ /"inputResponses":.*"(?:answer|text)":"([^"]*)"/;
        my ($state) = $frame =~ /"requestState":"([^"]*)"/;
        return qq("result":{"resultType":"input_required","requestState":"of $message",)
            . qq("inputRequests":{"q":{"method":"$method","params":{$params"$message"}}}}) if !defined $answer;
        return defined $state && $state eq "of $message" ? text("$message/$answer") : text('a state of somebody else');
    }
    my $question = 'q' . ++$questions;
    $asked{$question} = [$id, $message];
    return (undef, qq({"jsonrpc":"2.0","id":"$question","method":"$method","params":{$params"$message"}}\n));
}

my $input = '';
while (sysread STDIN, $input, 65536, length $input) {
    my $output = '';
    while ($input =~ s/^([^\n]*)\n//) {
        my $frame = $1;
        my ($method) = $frame =~ /"method":"([^"]*)"/;
        my ($id) = $frame =~ /"id":("[^"]*"|-?\d+)/;
        next if !defined $id;
        my ($result, $more);
        if (!defined $method) {
            my $waiting = delete $asked{$id =~ s/"//gr} or next;
            my ($answer) = $frame =~ /"(?:answer|text)":"([^"]*)"/;
            ($id, $result) = ($waiting->[0], text("$waiting->[1]/" . ($answer // 'nothing')));
        } elsif ($method eq 'initialize' && $era eq 'legacy') {
            $result = qq("result":{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},$self});
        } elsif ($method eq 'server/discover' && $era eq 'modern') {
            $result = qq("result":{$complete"supportedVersions":["2026-07-28"],"capabilities":{"tools":{}},"ttlMs":0,)
                . qq("cacheScope":"private","_meta":{"io.modelcontextprotocol/serverInfo":{"name":"crowd","version":"1"}}});
        } elsif ($method eq 'ping') {
            $result = '"result":{}';
        } elsif ($method eq 'tools/list') {
            $result = qq("result":{$complete"tools":[$tools]});
        } elsif ($method eq 'tools/call') {
            ($result, $more) = call($id, $frame);
        } else {
            $result = '"error":{"code":-32601,"message":"Method not found"}';
        }
        $output .= $more if defined $more;
        $output .= qq({"jsonrpc":"2.0","id":$id,$result}\n) if defined $result;
    }
    while (length $output) {
        my $done = syswrite STDOUT, $output;
        exit if !defined $done;
        substr $output, 0, $done, '';
    }
}
