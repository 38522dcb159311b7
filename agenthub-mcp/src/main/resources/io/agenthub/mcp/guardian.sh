# Reads "+ SESSION", "- SESSION" and "q" from its input. At the end of the input without "q" it kills those sessions.
# Only builtins: there may be no memory, no process slot and no /usr left when it matters.
trap '' HUP INT QUIT TERM
set -f

# Sets pgrp, session, born from /proc/$1/stat, whose second field may hold anything.
look() {
    read -r line 2>/dev/null <"/proc/$1/stat" || return 1
    set -- ${line##*") "}
    state=$1 pgrp=$3 session=$4
    shift 9
    shift 9
    born=$2
}

watched=
while read -r what id; do
    case $what in
    +)
        born=
        look "$id"
        watched="$watched $id:$born"
        ;;
    -)
        rest=
        for entry in $watched; do
            case $entry in "$id":*) ;; *) rest="$rest $entry" ;; esac
        done
        watched=$rest
        ;;
    q) exit 0 ;;
    esac
done

# A first process that was born at another time is not the one we were told of.
sessions=" "
for entry in $watched; do
    id=${entry%%:*}
    if look "$id" && [ "$born" != "${entry#*:}" ]; then
        continue
    fi
    sessions="$sessions$id "
done

# "kill -s KILL": dash's builtin does not take "kill -KILL -- -GROUP".
for id in $sessions; do
    kill -s KILL -- "-$id" 2>/dev/null
done
quiet=0
rounds=0
while [ "$quiet" -lt 2 ] && [ "$rounds" -lt 1000 ]; do
    found=0
    set +f
    for dir in /proc/[0-9]*; do
        set -f
        if look "${dir#/proc/}" && [ "$state" != Z ]; then
            case $sessions in
            *" $session "*)
                found=1
                kill -s KILL "${dir#/proc/}" 2>/dev/null
                ;;
            esac
        fi
    done
    if [ "$found" = 0 ]; then quiet=$((quiet + 1)); else quiet=0; fi
    rounds=$((rounds + 1))
done
