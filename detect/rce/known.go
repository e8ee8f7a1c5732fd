package rce

import "github.com/weirnode/weir/detect/lex"

// known holds every name of rankOf: most words of text are none of them, and it says so
// at once. A test reads commands.go to keep it complete.
var known = lex.NewWords(
	"add-content add-type adduser alias ansible ansible-galaxy ansible-playbook ansible-pull apt apt-get aptitude aria2c arp assoc attrib awk axel base32 " +
		"base64 basename bash bcdedit bcp bitsadmin builtin bun bunzip2 busybox bzip2 c89 c99 cacls cal call cat cd certutil chattr chkconfig chmod chown " +
		"chroot chsh cmd cmdkey comm command copy copy-item cowsay cp cpio cpulimit crontab cscript csh curl cut dash date dd del deno df diff dig dir dirname " +
		"dmesg dnf dnsdomainname doas docker docker-compose dos2unix dpkg driverquery dsquery du easy_install echo egrep env erase ethtool eval exec export " +
		"expr fetchmail fgrep file find findstr finger fish flock fmt foreach-object forfiles fping free fsutil ftp ftpd g++ gawk gcc gcore gdb get-childitem " +
		"get-ciminstance get-content get-eventlog get-hotfix get-item get-localuser get-process get-service get-wmiobject getent getfacl git gpg gpresult grep " +
		"groups gunzip gwmi gzip halt head hexdump history host hostid hostname hostnamectl icacls iconv id iex ifconfig ifdown ifup import-module insmod " +
		"installutil invoke-command invoke-expression invoke-item invoke-restmethod invoke-webrequest invoke-wmimethod ionice ip ipconfig iptables irb irm iwmi " +
		"iwr java javac jjs jobs journalctl jq jrunscript kill ksh kubectl last lastcomm lastlog lastlogin ldconfig ldd less ln locate logsave ls lsb_release " +
		"lsblk lscpu lsmod lsof lspci lsusb ltrace lua lwp-download lwp-request lynx mail make man mawk md md5sum mkdir mkfifo mknod mktemp modprobe mongo more " +
		"mount move move-item msfvenom msg mshta msiexec mv mysql mysqldump nano nawk nbtstat nc nc.openbsd nc.traditional ncat net net1 netcat netsh netstat " +
		"new-item new-object nice nl nltest nmap node node-gyp nohup nohup.out npm npx nslookup objdump od odbcconf openssl osql out-file passwd passwd.exe " +
		"paste perl perlbrew pgrep php phpinfo.sh ping ping6 pip pip3 pkill poweroff powershell powershell_ise print printenv printf ps psql ptar pwd pwsh " +
		"python python2 python3 quser qwinsta rbenv readlink realpath reboot redis-cli reg regasm regsvcs regsvr32 remove-item rename resolve-dnsname rev " +
		"rlwrap rm rmdir rmt robocopy route rpm rsync ruby rundll32 rview rvim sc schtasks scp screen sed set set-content set-executionpolicy setarch setfacl " +
		"setsid sftp sh sha1sum sha256sum shutdown sleep snap socat sort source sqlcmd sqlite3 ss ssh ssh-copy-id ssh-keygen sshpass start start-process " +
		"start-sleep stat stdbuf stop-process stop-service strace strings stty su sudo svn sysctl sysinfo systemctl systeminfo tac tail tar taskkill tasklist " +
		"taskset tcpdump tcsh tee telnet test test-connection tftp time timeout tmux top touch traceroute tracert trap tree true tshark type umask umount uname " +
		"unbuffer uniq unset unzip uptime useradd userdel usermod users uudecode uuencode ver vi vim vimdiff visudo vol vssadmin w waitfor watch wc wevtutil " +
		"wget whereis which who whoami whois wmic write-host write-output wscript xargs xcopy xxd xz yum zgrep zip zipsplit zsh ",
)
