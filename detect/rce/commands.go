package rce

import (
	"bytes"
	"strings"

	"github.com/weirnode/weir/detect/lex"
)

// rank says how much the name of a command tells.
type rank uint8

const (
	unknown rank = iota
	english      // an English word too
	tool         // a short name that stands for other things too
	strong       // that is nothing but a command
	wrapper      // runs the command behind it
	grammar      // a word of the shell's grammar: a command follows it
)

// The names of commands, by rank.
const (
	strongNames = "whoami wget curl nslookup powershell pwsh bash zsh ksh ncat netcat uname certutil bitsadmin ifconfig ipconfig netstat traceroute tracert systeminfo " +
		"sysinfo tasklist taskkill wmic cscript wscript mshta regsvr32 rundll32 chmod chown crontab useradd adduser usermod userdel mkfifo mknod tftp scp sftp " +
		"python2 python3 gcc busybox xxd lsof printenv getent schtasks icacls cacls fping socat gawk mawk nawk nmap iptables nvram fw_printenv utelnetd " +
		"dropbear insmod msfvenom csh tcsh fish ping6 pkill pgrep egrep fgrep zgrep umount dmesg unzip gunzip bunzip2 kubectl apt-get aptitude yum dnf mysql " +
		"mysqldump psql sqlite3 redis-cli gpg tmux fsutil findstr netsh nbtstat nltest dsquery vssadmin bcdedit driverquery qwinsta quser gpresult wevtutil " +
		"cmdkey forfiles robocopy xcopy msiexec installutil regasm regsvcs odbcconf powershell_ise lynx aria2c axel fetchmail lwp-download lwp-request ansible " +
		"ansible-playbook ansible-galaxy ansible-pull visudo lastlog lastlogin lastcomm journalctl systemctl sysctl lsb_release lscpu lsblk lspci lsusb lsmod " +
		"modprobe ifdown ifup ethtool tcpdump tshark nc.traditional nc.openbsd dnsdomainname hostid hostnamectl ldconfig chroot chattr setfacl getfacl mkdir " +
		"rmdir mktemp readlink realpath basename dirname ssh-keygen ssh-copy-id rsync sshpass strace ltrace gdb objdump hexdump base32 uudecode uuencode " +
		"sha256sum md5sum sha1sum bzip2 xz gzip cpio perlbrew rbenv irb jrunscript jjs node-gyp npx pip3 easy_install dpkg rpm snap iwr irm iwmi gwmi " +
		"invoke-expression invoke-webrequest invoke-command invoke-restmethod invoke-wmimethod invoke-item start-process get-process get-content get-childitem " +
		"get-wmiobject get-ciminstance get-service get-item set-content add-content set-executionpolicy new-object new-item remove-item copy-item move-item " +
		"out-file write-host write-output test-connection resolve-dnsname start-sleep stop-process stop-service import-module add-type foreach-object " +
		"get-hotfix get-localuser get-eventlog iex ptar zipsplit docker-compose chsh passwd.exe gcore nohup.out phpinfo.sh rvim rview vimdiff cpulimit cowsay " +
		"rlwrap logsave setarch compgen ulimit nsenter unshare capsh pkexec run-parts tclsh jshell mapfile readarray logname groupadd chpasswd loginctl lastb " +
		"blkid fdisk findmnt osascript launchctl sw_vers dscl pwdx pstree vmstat iostat nft ufw firewall-cmd arping hping3 elinks w3m esxcli crictl podman " +
		"kinit klist ldapsearch smbclient rpcclient showmount mysqladmin pg_dump mongodump mongosh sqlplus isql pushd popd mklink chcp doskey runas psexec " +
		"procdump diskshadow cmstp msbuild pcalua presentationhost mavinject esentutl makecab extrac32 ieexec certreq rpcping syncappvpublishingserver winrs " +
		"winrm openfiles getmac pathping dnscmd rasdial mstsc notepad hostname.exe curl.exe get-host get-location get-variable get-command get-alias get-acl " +
		"get-netipaddress get-nettcpconnection get-computerinfo get-aduser get-addomain get-itemproperty get-psdrive select-string select-object out-string " +
		"expand-archive compress-archive start-bitstransfer start-job invoke-cimmethod register-scheduledtask set-item set-itemproperty new-itemproperty " +
		"new-service new-psdrive stop-computer restart-computer test-netconnection add-mppreference ftpget ftpput nproc getcap setcap lpr lpstat zcat bzcat " +
		"xzcat shuf csplit basenc readelf xmllint exiftool dmidecode ssh-keyscan ssh-agent truncate shred chgrp dbus-send systemd-run update-alternatives pidstat mpstat lftp ncftp rlogin " +
		"rmmod swapoff swapon losetup debugfs chage gpasswd groupdel groupmod runlevel telinit sha512sum cksum b2sum fallocate nmcli iwconfig ipmitool hwclock " +
		"timedatectl localectl systemd-analyze busctl dstat iotop htop pmap pidof killall getconf setenforce getenforce sestatus auditctl ip6tables brctl " +
		"snmpwalk snmpget start-stop-daemon set-mppreference set-alias telnetd write-error gcm gci saps icm gps gsv netcat.openbsd get-date get-random " +
		"get-member aa-exec bpftrace chrt dmsetup gcloud kdig ld.so ld-linux-x86-64.so.2 masscan resolvectl run-mailcap runuser sshuttle toybox torify " +
		"torsocks tracepath zstdcat lzcat bzgrep xzgrep pypy3 lua5.4 luajit php-cgi etcdctl proxychains websocat rbash mksh setpriv lsns prlimit " +
		"systemd-resolve apt-cache dpkg-query supervisorctl spps saps tnc sajb ipmo "
	wrapperNames = "sudo nohup env time exec command xargs timeout nice builtin watch setsid doas start call unbuffer stdbuf taskset ionice flock noglob nocorrect "
	toolNames    = "id ls ps nc ash md sc lua sh dig reg cmd nl od df du ln cp mv ss vi vim nano apt pip npm tac pwd uniq wc awk sed grep arp ip rm su php perl python ruby " +
		"node printf telnet ftp ssh openssl tar attrib assoc base64 hostname passwd del dir svn git docker whereis rev waitfor dash zip unset umask cd " +
		"chkconfig iconv ftpd sqlcmd osql bcp mongo deno bun jq dd expr tee stty calc gc usleep choice cc ed bc dc wsl java javac ldd g++ dos2unix whois net " +
		"net1 rd seq tty arch xterm uci reboot poweroff rmt c89 c99 aws drush rg nm m4 mtr opkg zypper pm2 sendmail pacman flatpak unexpand hd ncdu nodejs " +
		"virsh choom "
	englishNames = "cat type echo sleep find set head tail less more strings last who touch kill cut sort eval source copy move mail host route mount shutdown halt " +
		"export alias history date cal free top locate which file stat diff screen ping tree uptime users groups test true trap jobs paste rename print w make " +
		"man finger ver vol erase msg comm fmt read script enable declare tr yes . column fold expand split look expect replace label query control explorer " +
		"service factor locale gem apk cpan ii ri ni sal composer artisan rails wp drill fetch links init wall ld pr cpp ag sum batch join cmp unlink emacs " +
		"pico brew bridge logger write "
	grammarNames = "then do else if elif while until coproc "
)

// known holds every name of rankOf, and ranks what each tells: most words of text are none of them, and it says so at
// once.
var (
	known = lex.NewWords(strongNames + wrapperNames + toolNames + englishNames + grammarNames)
	ranks = func() (ranks []rank) {
		for _, list := range []struct {
			names string
			rank  rank
		}{{strongNames, strong}, {wrapperNames, wrapper}, {toolNames, tool}, {englishNames, english}, {grammarNames, grammar}} {
			for range strings.FieldsSeq(list.names) {
				ranks = append(ranks, list.rank)
			}
		}
		return ranks
	}()
)

// rankOf ranks a command's name, which is written small.
func rankOf(name []byte) rank {
	switch i := known.Index(name); {
	case i >= 0 && string(name) == known.At(i):
		return ranks[i]
	case i < 0 && cmdlet(name):
		return strong
	}
	return unknown
}

// verbs and nouns are of what PowerShell names its commands.
var (
	verbs = []string{"add", "clear", "compare", "connect", "convertfrom", "convertto", "copy", "debug", "disable", "enable", "enter", "exit", "expand", "export", "find", "foreach", "format", "get", "import", "install", "invoke", "measure", "mount", "move", "new", "out", "push", "read", "receive", "register", "remove", "rename", "resolve", "restart", "resume", "save", "select", "send", "set", "sort", "start", "stop", "suspend", "test", "trace", "unblock", "uninstall", "unregister", "update", "wait", "where", "write"}
	nouns = []string{
		"acl", "adcomputer", "adgroup", "aduser", "addomain", "adobject", "alias", "appx", "authenticode", "childitem", "cim", "clipboard", "clixml", "command", "computer", "content", "counter", "credential", "csv", "culture", "dns", "event", "executionpolicy", "expression", "filehash", "gpo", "gridview", "history", "hotfix", "item", "itemproperty", "job", "json", "local",
		"location", "mailbox", "member", "methods", "module", "mp", "net", "object", "package", "partition", "pnp", "process", "ps", "physicaldisk", "printer", "registry", "restmethod", "runspace", "scheduled", "securestring", "service", "smb", "string", "transcript", "tpm", "uptime", "variable", "verb", "vm", "volume", "webrequest", "windows", "winevent", "wmi", "wsman",
	}
)

// cmdlet reports whether a name is a verb and a noun as PowerShell has them, written as
// few other names are: New-LocalUser.
func cmdlet(name []byte) bool {
	dash := bytes.IndexByte(name, '-')
	if dash < 3 || dash+3 > len(name) || bytes.IndexByte(name[dash+1:], '-') >= 0 || !lex.OneOf(name[:dash], verbs...) {
		return false
	}
	return lex.PrefixLength(name[dash+1:], nouns) > 0 && lex.Letter(name[len(name)-1])
}
