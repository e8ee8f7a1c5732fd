package rce

import "github.com/weirnode/weir/detect/lex"

// known holds every name of rankOf: most words of text are none of them, and it says so
// at once. A test reads commands.go to keep it complete.
var known = lex.NewWords(
	". add-content add-mppreference add-type adduser alias ansible ansible-galaxy ansible-playbook ansible-pull apk apt apt-get aptitude aria2c arch arp arping " +
		"assoc attrib auditctl awk axel b2sum base32 base64 basename basenc bash bc bcdedit bcp bitsadmin blkid brctl builtin bun bunzip2 busctl busybox bzcat " +
		"bzip2 c89 c99 cacls cal calc call capsh cat cc cd certreq certutil chage chattr chcp chkconfig chmod choice chown chpasswd chroot chsh cksum cmd " +
		"cmdkey cmstp column comm command compgen compress-archive control coproc copy copy-item cowsay cp cpan cpio cpulimit crictl crontab cscript csh csplit " +
		"curl curl.exe cut dash date dc dd debugfs declare del deno df diff dig dir dirname diskshadow dmesg dmidecode dnf dnscmd dnsdomainname do doas docker " +
		"docker-compose dos2unix doskey dpkg driverquery dropbear dscl dsquery dstat du easy_install echo ed egrep elif elinks else enable env erase esentutl esxcli " +
		"ethtool eval exec exiftool expand expand-archive expect explorer export expr extrac32 factor fallocate fdisk fetchmail fgrep file find findmnt findstr " +
		"finger firewall-cmd fish flock fmt fold foreach-object forfiles fping free fsutil ftp ftpd ftpget ftpput fw_printenv g++ gawk gc gcc gci gcm gcore gdb gem get-acl " +
		"get-addomain get-aduser get-alias get-childitem get-ciminstance get-command get-computerinfo get-content get-date get-eventlog get-host get-hotfix " +
		"get-item get-itemproperty get-localuser get-location get-member get-netipaddress get-nettcpconnection get-process get-psdrive get-random get-service " +
		"get-variable get-wmiobject getcap getconf getenforce getent getfacl getmac git gpasswd gpg gpresult grep gsv gps groupadd groupdel groupmod groups gunzip " +
		"gwmi gzip halt head hexdump history host hostid hostname hostname.exe hostnamectl hping3 htop hwclock icacls icm iconv id ieexec iex if ii ifconfig ifdown " +
		"ifup import-module insmod installutil invoke-cimmethod invoke-command invoke-expression invoke-item invoke-restmethod invoke-webrequest " +
		"invoke-wmimethod ionice iostat iotop ip ip6tables ipconfig ipmitool iptables irb irm isql iwconfig iwmi iwr java javac jjs jobs journalctl jq " +
		"jrunscript jshell kill killall kinit klist ksh kubectl label last lastb lastcomm lastlog lastlogin launchctl ldapsearch ldconfig ldd less lftp ln " +
		"locale localectl locate loginctl logname logsave look losetup lpr lpstat ls lsb_release lsblk lscpu lsmod lsof lspci lsusb ltrace lua lwp-download " +
		"lwp-request lynx mail make makecab man mapfile mavinject mawk md md5sum mkdir mkfifo mklink mknod mktemp modprobe mongo mongodump mongosh more mount " +
		"move move-item mpstat msbuild msfvenom msg mshta msiexec mstsc mv mysql mysqladmin mysqldump nano nawk nbtstat nc nc.openbsd nc.traditional ncat " +
		"ncftp net net1 netcat netcat.openbsd netsh netstat new-item new-itemproperty new-object new-psdrive new-service nft ni nice nl nltest nmap nmcli node " +
		"node-gyp nohup nohup.out notepad npm nproc npx nsenter nslookup nvram objdump od odbcconf openfiles openssl osascript osql out-file out-string passwd " +
		"passwd.exe paste pathping pcalua perl perlbrew pg_dump pgrep php phpinfo.sh pidof pidstat ping ping6 pip pip3 pkexec pkill pmap podman popd poweroff " +
		"powershell powershell_ise presentationhost print printenv printf procdump ps psexec psql pstree ptar pushd pwd pwdx pwsh python python2 python3 query " +
		"quser qwinsta rasdial rbenv rd read readarray readelf readlink realpath reboot redis-cli reg regasm register-scheduledtask regsvcs regsvr32 remove-item " +
		"rename replace resolve-dnsname restart-computer rev ri rlogin rlwrap rm rmdir rmmod rmt robocopy route rpcclient rpcping rpm rsync ruby run-parts runas " +
		"rundll32 runlevel rview rvim sal saps sc schtasks scp screen script sed select-object seq select-string service sestatus set set-alias set-content " +
		"set-executionpolicy set-item set-itemproperty set-mppreference setarch setcap setenforce setfacl setsid sftp sh sha1sum sha256sum sha512sum showmount " +
		"shuf shutdown sleep smbclient snap snmpget snmpwalk socat sort source split sqlcmd sqlite3 sqlplus ss ssh ssh-agent ssh-copy-id ssh-keygen " +
		"ssh-keyscan sshpass start start-bitstransfer start-job start-process start-sleep start-stop-daemon stat stdbuf stop-computer stop-process " +
		"stop-service strace strings stty su sudo svn sw_vers swapoff swapon syncappvpublishingserver sysctl sysinfo systemctl systemd-analyze systemd-run " +
		"systeminfo tac tail tar taskkill tasklist taskset tclsh tcpdump tcsh tee telinit telnet telnetd test test-connection test-netconnection tftp then " +
		"time timedatectl timeout tmux top touch tr traceroute tracert trap tree true tshark tty uci utelnetd type ufw ulimit umask umount uname unbuffer uniq unset unshare " +
		"until unzip update-alternatives uptime useradd userdel usermod users usleep uudecode uuencode ver vi vim vimdiff visudo vmstat vol vssadmin w w3m " +
		"waitfor watch wc wevtutil wget whereis which while who whoami whois winrm winrs wmic write-error write-host write-output wscript wsl xargs xcopy " +
		"xmllint xterm xxd xz xzcat yes yum zcat zgrep zip zipsplit zsh ",
)
