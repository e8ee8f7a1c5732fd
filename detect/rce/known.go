package rce

import "github.com/weirnode/weir/detect/lex"

// known holds every name of rankOf: most words of text are none of them, and it says so
// at once. A test reads commands.go to keep it complete.
var known = lex.NewWords(
	". aa-exec add-content add-mppreference add-type adduser ag alias ansible ansible-galaxy ansible-playbook ansible-pull apk apt apt-cache apt-get " +
		"aptitude arch aria2c arp arping artisan assoc attrib auditctl awk aws axel b2sum base32 base64 basename basenc bash batch bc bcdedit bcp bitsadmin " +
		"blkid bpftrace brctl brew bridge builtin bun bunzip2 busctl busybox bzcat bzgrep bzip2 c89 c99 cacls cal calc call capsh cat cc cd certreq certutil " +
		"chage chattr chcp chkconfig chmod choice choom chown chpasswd chroot chrt chsh cksum cmd cmdkey cmp cmstp column comm command compgen composer " +
		"compress-archive control coproc copy copy-item cowsay cp cpan cpio cpp cpulimit crictl crontab cscript csh csplit curl curl.exe cut dash date dc dd " +
		"debugfs declare del deno df diff dig dir dirname diskshadow dmesg dmidecode dmsetup dnf dnscmd dnsdomainname do doas docker docker-compose dos2unix " +
		"doskey dpkg dpkg-query drill driverquery dropbear drush dscl dsquery dstat du easy_install echo ed egrep elif elinks else emacs enable env erase " +
		"esentutl esxcli etcdctl ethtool eval exec exiftool expand expand-archive expect explorer export expr extrac32 factor fallocate fdisk fetch fetchmail " +
		"fgrep file find findmnt findstr finger firewall-cmd fish flatpak flock fmt fold foreach-object forfiles fping free fsutil ftp ftpd ftpget ftpput " +
		"fw_printenv g++ gawk gc gcc gci gcloud gcm gcore gdb gem get-acl get-addomain get-aduser get-alias get-childitem get-ciminstance get-command " +
		"get-computerinfo get-content get-date get-eventlog get-host get-hotfix get-item get-itemproperty get-localuser get-location get-member " +
		"get-netipaddress get-nettcpconnection get-process get-psdrive get-random get-service get-variable get-wmiobject getcap getconf getenforce getent " +
		"getfacl getmac git gpasswd gpg gpresult gps grep groupadd groupdel groupmod groups gsv gunzip gwmi gzip halt hd head hexdump history host hostid " +
		"hostname hostname.exe hostnamectl hping3 htop hwclock icacls icm iconv id ieexec iex if ifconfig ifdown ifup ii import-module init insmod installutil " +
		"invoke-cimmethod invoke-command invoke-expression invoke-item invoke-restmethod invoke-webrequest invoke-wmimethod ionice iostat iotop ip ip6tables " +
		"ipconfig ipmitool iptables irb irm isql iwconfig iwmi iwr java javac jjs jobs join journalctl jq jrunscript jshell kdig kill killall kinit klist ksh " +
		"kubectl label last lastb lastcomm lastlog lastlogin launchctl ld ld-linux-x86-64.so.2 ld.so ldapsearch ldconfig ldd less lftp links ln locale " +
		"localectl locate logger loginctl logname logsave look losetup lpr lpstat ls lsb_release lsblk lscpu lsmod lsns lsof lspci lsusb ltrace lua lua5.4 " +
		"luajit lwp-download lwp-request lynx lzcat m4 mail make makecab man mapfile masscan mavinject mawk md md5sum mkdir mkfifo mklink mknod mksh mktemp " +
		"modprobe mongo mongodump mongosh more mount move move-item mpstat msbuild msfvenom msg mshta msiexec mstsc mtr mv mysql mysqladmin mysqldump nano nawk " +
		"nbtstat nc nc.openbsd nc.traditional ncat ncdu ncftp net net1 netcat netcat.openbsd netsh netstat new-item new-itemproperty new-object new-psdrive " +
		"new-service nft ni nice nl nltest nm nmap nmcli node node-gyp nodejs noglob nocorrect nohup nohup.out notepad npm nproc npx nsenter nslookup nvram objdump od odbcconf " +
		"openfiles openssl opkg osascript osql out-file out-string pacman passwd passwd.exe paste pathping pcalua perl perlbrew pg_dump pgrep php php-cgi " +
		"phpinfo.sh pico pidof pidstat ping ping6 pip pip3 pkexec pkill pm2 pmap podman popd poweroff powershell powershell_ise pr presentationhost print " +
		"printenv printf prlimit procdump proxychains ps psexec psql pstree ptar pushd pwd pwdx pwsh pypy3 python python2 python3 query quser qwinsta rails " +
		"rasdial rbash rbenv rd read readarray readelf readlink realpath reboot redis-cli reg regasm register-scheduledtask regsvcs regsvr32 remove-item rename " +
		"replace resolve-dnsname resolvectl restart-computer rev rg ri rlogin rlwrap rm rmdir rmmod rmt robocopy route rpcclient rpcping rpm rsync ruby " +
		"run-mailcap run-parts runas rundll32 runlevel runuser rview rvim sal saps sc schtasks scp screen script sed select-object select-string sendmail seq " +
		"service sestatus set set-alias set-content set-executionpolicy set-item set-itemproperty set-mppreference setarch setcap setenforce setfacl setpriv " +
		"setsid sftp sh sha1sum sha256sum sha512sum showmount shuf shutdown sleep smbclient snap snmpget snmpwalk socat sort source split sqlcmd sqlite3 " +
		"sqlplus ss ssh ssh-agent ssh-copy-id ssh-keygen ssh-keyscan sshpass sshuttle start start-bitstransfer start-job start-process start-sleep " +
		"start-stop-daemon stat stdbuf stop-computer stop-process stop-service strace strings stty su sudo sum supervisorctl svn sw_vers swapoff swapon " +
		"syncappvpublishingserver sysctl sysinfo systemctl systemd-analyze systemd-resolve systemd-run systeminfo tac tail tar taskkill tasklist taskset tclsh " +
		"tcpdump tcsh tee telinit telnet telnetd test test-connection test-netconnection tftp then time timedatectl timeout tmux top torify torsocks touch " +
		"toybox tr tracepath traceroute tracert trap tree true tshark tty type uci ufw ulimit umask umount uname unbuffer unexpand uniq unlink unset unshare " +
		"until unzip update-alternatives uptime useradd userdel usermod users usleep utelnetd uudecode uuencode ver vi vim vimdiff virsh visudo vmstat vol " +
		"vssadmin w w3m waitfor wall watch wc websocat wevtutil wget whereis which while who whoami whois winrm winrs wmic wp write write-error write-host " +
		"write-output wscript wsl xargs xcopy xmllint xterm xxd xz xzcat xzgrep yes yum zcat zgrep zip zipsplit zsh zstdcat zypper ",
)
