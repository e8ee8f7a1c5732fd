package ptrav

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
)

// sensitiveFiles are ends of paths that applications do not ask for. Each begins at
// a folder, so that a page called passwd is none.
var sensitiveFiles = [...]string{
	"/run/secrets/kubernetes.io/serviceaccount/token", "/run/secrets/kubernetes.io/serviceaccount/namespace", "/run/secrets/kubernetes.io/serviceaccount/ca.crt",
	"/etc/kubernetes/admin.conf", "/etc/kubernetes/kubelet.conf", "/.dockerenv", "/etc/rancher/k3s/k3s.yaml",
	"/lib/password.properties", "/etc/passwd", "/etc/shadow", "/etc/group", "/etc/gshadow", "/etc/hosts", "/etc/hostname", "/etc/issue", "/etc/motd", "/etc/fstab", "/etc/crontab",
	"/etc/sudoers", "/etc/resolv.conf", "/etc/ssh/sshd_config", "/etc/mysql/my.cnf", "/etc/my.cnf", "/etc/php.ini", "/etc/environment", "/etc/profile",
	"/etc/os-release", "/etc/lsb-release", "/etc/redhat-release", "/etc/debian_version", "/etc/apache2/apache2.conf", "/etc/nginx/nginx.conf",
	"/etc/httpd/conf/httpd.conf", "/etc/inetd.conf", "/etc/network/interfaces", "/etc/vsftpd.conf", "/etc/master.passwd", "/etc/security/passwd", "/etc/pwd.db",
	"/proc/self/environ", "/proc/self/cmdline", "/proc/self/status", "/proc/self/maps", "/proc/self/exe", "/proc/version", "/proc/cpuinfo", "/proc/mounts", "/proc/net/arp", "/proc/net/tcp",
	"/.ssh/id_rsa", "/.ssh/id_dsa", "/.ssh/id_ed25519", "/.ssh/authorized_keys", "/.ssh/known_hosts", "/.bash_history", "/.mysql_history", "/.bashrc", "/.aws/credentials",
	"/.n8n/database.sqlite", "/.n8n/config", "/.docker/config.json", "/.kube/config", "/.git/config", "/.git/head", "/.svn/entries", "/.htpasswd", "/.htaccess", "/.env", "/.npmrc",
	"/var/log/auth.log", "/var/log/apache2/access.log", "/var/log/apache2/error.log", "/var/log/nginx/access.log", "/var/log/httpd/access_log", "/var/log/messages", "/var/log/syslog",
	"/var/log/apache/access.log", "/var/log/apache/error.log", "/var/log/httpd/error_log", "/var/log/nginx/error.log", "/var/log/secure", "/var/log/mysql/error.log",
	"/var/run/secrets/kubernetes.io/serviceaccount/token", "/var/www/html/config.php", "/wp-config.php", "/configuration.php", "/web.config", "/web-inf/web.xml", "/meta-inf/manifest.mf",
	"/boot.ini", "/win.ini", "/system.ini", "/windows/system32/drivers/etc/hosts", "/system32/drivers/etc/hosts", "/windows/repair/sam", "/system32/config/sam", "/windows/system32/config/system",
	"/system32/cmd.exe", "/windows/php.ini", "/winnt/win.ini", "/inetpub/wwwroot/web.config", "/sysprep.inf", "/unattend.xml", "/php.ini", "/my.ini", "/httpd.conf", "/apache2.conf", "/tomcat-users.xml",
	"/logs/access_log", "/logs/error_log", "/logs/access.log", "/logs/error.log", "/log/access_log", "/log/error_log", "/log/access.log", "/log/error.log", "/config.inc.php", "/php/php.ini", "/php5/php.ini", "/apache/conf/httpd.conf",
	"/httpd-vhosts.conf", "/sites-available/default", "/sites-enabled/default", "/000-default.conf", "/nginx/nginx.conf", "/proftpd.conf", "/pure-ftpd.conf", "/vsftpd.conf", "/my.cnf", "/.my.cnf", "/postgresql.conf", "/pg_hba.conf",
	"/redis.conf", "/lighttpd.conf", "/etc/exports", "/etc/aliases", "/etc/services", "/etc/inittab", "/etc/anacrontab", "/etc/login.defs", "/etc/pam.conf", "/etc/rsyslog.conf", "/etc/syslog.conf", "/etc/squid/squid.conf",
	"/etc/samba/smb.conf", "/etc/snmp/snmpd.conf", "/etc/postfix/main.cf", "/etc/sysctl.conf", "/etc/timezone", "/etc/bashrc", "/etc/bash.bashrc", "/etc/machine-id", "/etc/passwd-", "/etc/shadow-", "/etc/group-", "/etc/shells", "/etc/mtab",
	"/proc/meminfo", "/proc/modules", "/proc/partitions", "/proc/swaps", "/proc/filesystems", "/proc/net/route", "/proc/net/udp", "/proc/net/dev", "/proc/devices", "/proc/cmdline", "/proc/uptime", "/proc/loadavg", "/proc/stat", "/proc/config.gz",
	"/proc/sched_debug", "/proc/net/fib_trie", "/var/log/lastlog", "/var/log/wtmp", "/var/log/btmp", "/var/run/utmp", "/var/log/faillog", "/var/log/dmesg", "/var/log/boot.log", "/var/log/maillog", "/var/log/mail.log", "/var/log/cron", "/var/log/kern.log",
	"/var/log/debug", "/var/log/daemon.log", "/var/log/vsftpd.log", "/var/log/proftpd", "/var/log/sshd.log", "/var/mail/root", "/var/spool/cron/crontabs/root", "/var/lib/mysql/mysql/user.myd", "/.zsh_history", "/.profile", "/.bash_profile", "/.ssh/config",
	"/.ssh/id_ecdsa", "/.netrc", "/.pgpass", "/.gitconfig", "/.git-credentials", "/.gnupg/secring.gpg", "/.viminfo", "/.lesshst", "/.psql_history", "/.azure/accesstokens.json", "/.config/gcloud/credentials.db", "/.terraform.tfstate", "/database.yml",
	"/secrets.yml", "/settings.py", "/local_settings.py", "/parameters.yml", "/application.properties", "/application.yml", "/web-inf/applicationcontext.xml", "/server.xml", "/context.xml", "/appsettings.json", "/machine.config", "/applicationhost.config",
	"/windows/win.ini", "/windows/system.ini", "/windows/system32/config/sam", "/windows/repair/system", "/windows/repair/security", "/system32/config/system", "/system32/config/security", "/system32/config/software", "/ntds/ntds.dit", "/pagefile.sys",
	"/ntuser.dat", "/windows/debug/netsetup.log", "/windows/panther/unattend.xml", "/windows/panther/unattended.xml", "/sysprep/sysprep.xml", "/consolehost_history.txt", "/bootfont.bin", "/metabase.xml", "/inetpub/logs/logfiles", "/flag", "/flag.txt",
	"/var/run/docker.sock", "/run/docker.sock", "/run/containerd/containerd.sock", "/var/lib/cloud/instance/user-data.txt", "/machine/preferences/groups/groups.xml", "/master.key", "/laravel.log", "/credentials.yml.enc",
	"/application_default_credentials.json", "/.env.local", "/.env.production", "/.env.backup", "/.env.dev", "/.env.prod", "/.env.old", "/.env.bak", "/.git/logs/head", "/.git/index", "/.git/refs/heads/master",
	"/+cscoe+/portal_inc.lua", "/storage/oauth-private.key", "/application-prod.yml", "/bootstrap.yml", "/vcdb.properties", "/.vault-token", "/id_rsa", "/id_dsa", "/id_ecdsa", "/id_ed25519", "/.ds_store", "/.terraform/terraform.tfstate", "/terraform.tfstate",
	"/.aws/config", "/.svn/wc.db", "/.hg/store", "/.vault_pass", "/etc/mysql/debian.cnf", "/app/etc/local.xml", "/app/etc/env.php", "/appsettings.production.json", "/appsettings.development.json", "/cfg/smb.conf",
	"/autoexec.bat", "/system32/eula.txt", "/global.asax", "/var/task/lambda_function.py", "/dev/environ", "/globalasa", "/global.asa", "/windowsupdate.log", "/setupact.log",
	"/pearcmd.php", "/peclcmd.php", "/etc/gitlab/gitlab.rb", "/etc/auth/splunk.secret", "/secstore.properties", "/etc/sysconfig/network", "/etc/x11/xorg.conf", "/systemd/system/nginx.service", "/etc/ansible/hosts", "/etc/docker/daemon.json", "/etc/openvpn/server.conf", "/etc/wireguard/wg0.conf", "/boot/grub/grub.cfg", "/dev/random", "/dev/urandom", "/dev/zero", "/dev/stdin", "/dev/mem", "/dev/kmem", "/dev/full",
	"/var/lib/mlocate/mlocate.db", "/var/backups/shadow.bak", "/var/backups/passwd.bak", "/preferences/systemconfiguration/preferences.plist", "/coreservices/systemversion.plist", "/etc/haproxy/haproxy.cfg", "/etc/mongod.conf", "/etc/elasticsearch/elasticsearch.yml", "/etc/grafana/grafana.ini", "/etc/zabbix/zabbix_server.conf", "/etc/ldap.conf", "/etc/ldap/ldap.conf", "/etc/krb5.conf", "/etc/krb5.keytab",
	"/etc/ppp/chap-secrets", "/etc/ipsec.secrets", "/etc/exim4/exim4.conf", "/etc/dovecot/dovecot.conf", "/etc/bind/named.conf", "/etc/named.conf", "/etc/sssd/sssd.conf", "/etc/securetty", "/etc/subuid", "/etc/opasswd", "/etc/security/opasswd", "/etc/rc.local", "/etc/ld.so.preload", "/etc/cups/cupsd.conf", "/etc/supervisord.conf", "/etc/supervisor/supervisord.conf", "/etc/vault.d/vault.hcl", "/etc/consul.d/consul.hcl", "/etc/passwd~", "/etc/shadow~",
	"/.kube/cache", "/.wgetrc", "/.curlrc", "/.python_history", "/.node_repl_history", "/.rediscli_history", "/.sqlite_history", "/.docker/config.json", "/.pypirc", "/.composer/auth.json", "/.subversion/auth", "/.config/filezilla/sitemanager.xml", "/filezilla/recentservers.xml", "/.m2/settings.xml", "/.gradle/gradle.properties", "/.cargo/credentials", "/.gem/credentials", "/.s3cfg", "/.boto",
}

// minFile is the length of the shortest of them, and of what they are looked up by.
const minFile = 5

// filesByEnd holds sensitiveFiles by their last bytes.
var filesByEnd = func() (by [1 << 10][]string) {
	for _, f := range sensitiveFiles {
		if len(f) < minFile {
			panic("BUG: a file's name is too short: " + f)
		}
		end := endOf([]byte(f))
		by[end] = append(by[end], f)
	}
	return by
}()

// endOf returns the place of a name in filesByEnd.
func endOf(p []byte) uint32 {
	n := len(p)
	return (uint32(p[n-1]) | uint32(p[n-2])<<8 | uint32(p[n-3])<<16 | uint32(p[n-4])<<24) * 2654435761 >> 22
}

// sensitiveFolders are beginnings that are as telling as whole names.
var sensitiveFolders = [...]string{"/proc/self/fd/", "/proc/self/", "/proc/1/", "/etc/cron.", "/php/sessions/", "/php5/sessions/", "/windows/system32/config/", "/proc/self/task/", "/proc/thread-self/", "/run/secrets/", "/sys/class/", "/sys/devices/", "/var/lib/mysql/", "/var/lib/postgresql/", "/inetpub/logs/", "/etc/init.d/", "/etc/ssh/", "/etc/ssl/private/", "/root/.", "/tmp/sess_", "/var/lib/php/sessions/", "/.config/gcloud/", "/web-inf/", "/meta-inf/", "/etc/letsencrypt/live/", "/etc/letsencrypt/archive/", "/etc/pki/tls/private/", "/etc/sudoers.d/", "/etc/netplan/", "/etc/networkmanager/system-connections/", "/dev/fd/", "/var/mail/", "/var/spool/mail/", "/var/spool/cron/", "/dev/shm/", "/proc/net/", "/proc/sys/kernel/", "/var/lib/kubelet/", "/var/lib/cloud/instance/"}

// foldersByStart holds sensitiveFolders by the byte behind their first slash.
var foldersByStart = func() (by [256][]string) {
	for _, f := range sensitiveFolders {
		by[f[1]] = append(by[f[1]], f)
	}
	return by
}()

// inFolder reports whether a normalised path leads through a sensitive folder.
func inFolder(p []byte) bool {
	for i := 0; i+4 < len(p); i++ {
		if p[i] != '/' {
			continue
		}
		for _, f := range foldersByStart[p[i+1]] {
			if len(p)-i >= len(f) && string(p[i:i+len(f)]) == f && !bytes.HasPrefix(p[i:], []byte("/meta-inf/resources/")) { // which are for everybody: Servlet 3.0, 4.6
				return true
			}
		}
		if p[i+1] == 'p' && ofProcess(p[i:]) {
			return true
		}
	}
	return false
}

// ofProcess reports whether a path begins with what the system shows of a process:
// /proc/36/fd/11
func ofProcess(p []byte) bool {
	rest, ok := bytes.CutPrefix(p, []byte("/proc/"))
	if !ok || len(rest) == 0 || !lex.Digit(rest[0]) {
		return false
	}
	_, what, _ := bytes.Cut(rest, []byte("/"))
	for _, w := range [...]string{"fd/", "root/", "cwd/", "task/", "environ", "cmdline", "maps", "mem", "exe", "status"} {
		if bytes.HasPrefix(what, []byte(w)) {
			return true
		}
	}
	return false
}

// endsName holds the bytes behind which a query or an escape begins.
var endsName = [256]bool{'?': true, '#': true, ';': true, '%': true}

// suffix reports whether a normalised path ends at a sensitive file. A query, an
// extension behind a NUL or a blank was cut off before.
func suffix(p []byte) bool {
	for i, c := range p {
		if endsName[c] && i > 0 {
			p = p[:i]
			break
		}
	}
	if trimmed := bytes.TrimRight(p, "."); len(trimmed) > 0 && trimmed[len(trimmed)-1] != '/' {
		p = trimmed // Windows does
	}
	if len(p) < minFile {
		return false
	}
	for _, f := range filesByEnd[endOf(p)] {
		if len(p) >= len(f) && string(p[len(p)-len(f):]) == f {
			return true
		}
	}
	return inFolder(p)
}
