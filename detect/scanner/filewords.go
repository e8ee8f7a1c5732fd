package scanner

import "strings"

// kind says of a word in a file's name, or of an extension, what it tells of the file.
type kind uint16

const (
	filler   kind = 1 << iota // tells nothing, and stands beside the others: new, prod, daily
	copied                    // a copy: backup, dump
	stored                    // of a database
	whole                     // of a whole site
	logged                    // what a server writes down
	settings                  // what a server reads when it starts
	secrets                   // what logs somebody in
	passes                    // the same, and what pages and interfaces are called
	keys                      // a private key
)

// words of a family, separated by blanks.
func family(k kind, words string, into map[string]kind) {
	for w := range strings.FieldsSeq(words) {
		into[w] |= k
	}
}

// wordKinds are words of the names of files that are left behind by their owners.
var wordKinds = func() map[string]kind {
	m := make(map[string]kind, 256)
	family(filler, "my the new all full last latest current daily weekly monthly auto prod production dev devel development live staging stage stg test testing local main master final release server host node app application web site php java python ruby rails "+
		"api admin backend root user users customer customers account accounts client clients member members data export of and content includes include inc private k8s kubernetes docker ansible playbooks helm chart charts manifests deploy deployment infra terraform environments envs aws gcp gcloud azure firebase github gitlab stripe twilio sendgrid mailgun slack google digitalocean heroku cloudflare key keys tmp cert certificate ca cacert public private remote internal", m)
	family(copied, "backup backups bak back bkp bck bkup dump dumps dumped copy old snapshot", m)
	family(stored, "db dbs database databases sql mysql mysqldump mysqld pgsql postgres postgresql pg sqlite mongo mongodb redis mariadb oracle mssql data users customers orders", m)
	family(whole, "www wwwroot htdocs public_html httpdocs html docroot webroot site sites website websites web wordpress wp joomla drupal magento laravel src source sourcecode code localhost home homedir vendor uploads upload dist build plugins themes index login default", m)
	family(logged, "error errors err access log logs debug exception exceptions trace php laravel symfony django catalina localhost nohup npm yarn apache nginx httpd iis mail maillog sql query slow queries install installer deploy cron worker sidekiq puma gunicorn uwsgi celery queue auth security secure messages syslog audit firewall payment payments system ftp sftp lerna pnpm composer gulp listener sqlnet stdout stderr production development staging", m)
	family(settings, "config configs configuration conf settings setting database db env environment environments secret secrets credentials credential parameters params connection connections connectionstrings jdbc datasource hibernate persistence struts log logback connect conn connector application bootstrap mail smtp redis ldap oauth jwt local", m)
	family(secrets, "secret secrets passwd passwds pwd pwds credential credentials creds cred htpasswd apikey apikeys", m)
	family(passes, "password passwords pass passes token tokens login logins", m)
	family(keys, "key keys priv privkey privatekey server ssl tls host domain ssh rsa dsa deploy jwt signing sign oauth private localhost id client wildcard star vpn openvpn", m)
	return m
}()

// fileKind is what files of an extension are, and which words in front of it tell that
// the file is one that nobody links to.
type fileKind struct {
	words kind
	alone bool // tells without any word
	sign  signOf
}

// signOf chooses between the signs of files.
type signOf uint8

const (
	isSecret signOf = iota
	isBackup
)

// fileKinds are looked up by the last extension.
var fileKinds = func() map[string]fileKind {
	m := make(map[string]fileKind, 128)
	for _, e := range [...]struct {
		extensions string
		kind       fileKind
	}{
		{"zip gz tgz tar rar 7z bz2 xz tbz tbz2 txz zst lz4 war ear", fileKind{copied | stored | whole, false, isBackup}},
		{"sql dump dmp mysql pgsql psql sqlite sqlite3 sqlitedb db db3 mdb accdb mdf ldf rdb bson myd ibd", fileKind{copied | stored | whole | filler, false, isBackup}},
		{"bak old bkp backup orig save sav", fileKind{copied | stored | whole | settings | secrets | passes | keys | logged, false, isBackup}},
		{"log out", fileKind{logged | filler, false, isSecret}},
		{"ini conf cnf cfg inc properties toml config phps", fileKind{settings, false, isSecret}},
		{"yml yaml", fileKind{settings, false, isSecret}},
		{"py pyc rb", fileKind{settings, false, isSecret}},
		{"json xml", fileKind{secrets, false, isSecret}},
		{"txt csv xls xlsx doc docx lst dat", fileKind{secrets | passes, false, isSecret}},
		{"key pem pk8 p8", fileKind{keys, false, isSecret}},
		{"kdbx kdb ppk jks keystore pfx p12 tfvars tfstate hprof wpress jpa agilekeychain psafe3 htpasswd env tf iml sublime-workspace sublime-project pbxproj pid", fileKind{0, true, isSecret}},
		{"swp swo swn", fileKind{0, true, isBackup}},
		{"ovpn", fileKind{filler | keys | settings, false, isSecret}},
	} {
		for ext := range strings.FieldsSeq(e.extensions) {
			m[ext] = e.kind
		}
	}
	return m
}()

// sources are extensions of what a server reads or executes and does not hand out: a copy
// of one shows it.
var sources = func() map[string]kind {
	m := make(map[string]kind, 64)
	family(settings, "php php3 php5 php7 phtml asp aspx ashx asmx ascx asax asa master jsp jspx jspf do cfm cfc config inc cgi pl py rb java cs vb go env conf cnf ini cfg yml yaml toml properties sql db sqlite htaccess htpasswd local lock", m)
	family(filler, "json xml js ts txt csv log html htm md sh bat", m) // also handed out, and then packed
	return m
}()

// Endings of copies, and of those that also pack what sites hand out.
var (
	copyEnds = [...]string{".bak", ".old", ".swp", ".swo", ".swn", ".save", ".sav", ".orig", ".original", ".copy", ".tmp", ".backup", ".bkp", ".bck", ".1", ".2", "~", ".rej", "_bak", "_old", "-bak", "-old", "_backup", "-backup", ".bak1", ".bak2", ".old1", ".orig1", ".txt", ".new", "_", ".source", "-dist~"}
	packEnds = [...]string{".gz", ".zip", ".bz2", ".tar.gz", ".xz", ".7z", ".rar", ".dist", ".tgz", ".tar", ".zst"}
)

// hiddenName says what a name that begins with a dot is.
type hiddenName uint8

const (
	repository     hiddenName = iota + 1 // of sources
	settingsFolder                       // tells with a path behind it
	plainFile
	listed   // as programs that mirror folders ask for it, too
	toldFile // sites write about it
	honest
)

// hiddenNames are names behind the dot.
var hiddenNames = func() map[string]hiddenName {
	m := make(map[string]hiddenName, 256)
	for _, e := range [...]struct {
		kind  hiddenName
		names string
	}{
		{repository, "git svn hg bzr fossil fslckout"},
		{settingsFolder, "aws ssh kube docker github next trash old vscode idea azure gcloud config circleci terraform terraform.d vagrant serverless gem composer nuxt pm2 mozilla thunderbird gnupg password-store subversion settings cpanel pki cache local m2 gradle ivy2 sbt cargo rustup chef puppet ansible jenkins npm yarn pip virtualenvs venv oci bluemix minikube helm " +
			"gitlab buildkite drone woodpecker semaphore expo firebase amplify elasticbeanstalk ebextensions platform lando ddev devcontainer husky claude codex cline junie kiro zed n8n plandex opencode gemini copilot roo goose trae augment cursor openai anthropic continue codeium windsurf aider streamlit jupyter ipython keras sonar sonarlint vs vim emacs.d nano mysql psql mongodb influxdbv2 electrum bitcoin ethereum monero near solana wallet filezilla putty remmina rclone duplicity s3 sops age vault digitalocean linode heroku fly netlify vercel now wrangler sentry datadog newrelic backup backups bak secrets private databricks aliyun snowsql dbt bundle angular parcel-cache svelte-kit output pgadmin netbeans eclipse mc gcp accounts kivy matplotlib texlive wine java jdk sdkman nvm pyenv rbenv local-secrets dropbox irssi weechat mutt"},
		{plainFile, "htpasswd npmrc pypirc netrc pgpass my.cnf mylogin.cnf bash_history dockerenv dockercfg git-credentials gitconfig s3cfg boto travis.yml gitlab-ci.yml ftpconfig remote-sync.json user.ini passwd password passwords credentials credential secret secrets sql profile forward viminfo lesshst " +
			"vault-token vault_pass vault_pass.txt vault-pass rsync-filter gitmodules tool-versions project classpath buildpath cproject bash_profile pythonstartup erlang.cookie rhosts k5login master.key htdigest htgroup access admin db database backup bak old sw swp inputrc netlify.toml flutter-plugins flutter-plugins-dependencies metadata packages actrc asdfrc sequelizerc mcp.json cursorrules windsurfrules clinerules claude.json token tokens api_key apikey pwd conf ini cfg log logs ftpquota listing wget-hsts databrickscfg snyk rspec ruby-gemset mongorc.js terraform.lock.hcl"},
		{listed, "ds_store gitignore gitkeep gitattributes editorconfig dockerignore npmignore eslintrc.json eslintrc.js prettierrc babelrc.js stylelintrc.json mailmap htaccess.sample"},
		{toldFile, "htaccess"},
		{honest, "well-known rss json xml atom html js css netlify auth hidden tmb thumbs resources imaging ghost proxy api store pub net"},
	} {
		for name := range strings.FieldsSeq(e.names) {
			m[name] = e.kind
		}
	}
	return m
}()

// leftFiles are files of builds, containers, servers and their logs by their whole names,
// which sites neither link to nor have pages of.
var leftFiles = [...]struct {
	place place
	names string
}{
	{place{&secret, 8, false, true}, "nginx.conf httpd.conf dockerfile root.war docker-compose.override.yml docker-compose.prod.yml docker-compose.prod.yaml docker-compose.dev.yml docker-compose.production.yml docker-compose.staging.yml docker-compose.local.yml docker-compose.test.yml compose.yml compose.yaml docker-stack.yml containerfile vagrantfile jenkinsfile procfile bitbucket-pipelines.yml azure-pipelines.yml appveyor.yml cloudbuild.yaml " +
		"buildspec.yml serverless.yml serverless.yaml pulumi.yaml pulumi.prod.yaml helmfile.yaml skaffold.yaml ansible.cfg hosts.yml vault.yml vault.yaml inventory.ini playbook.yml site.yml secrets.yaml secret.yaml values-prod.yaml values.yaml kustomization.yaml deployment.yaml configmap.yaml kubeconfig.yaml kubeconfig.yml kube.config k3s.yaml docker-compose.env " +
		"web.xml hibernate.cfg.xml persistence.xml struts.xml struts-config.xml applicationcontext.xml context.xml tomcat-users.xml server.xml standalone.xml jboss-web.xml weblogic.xml ibm-web-ext.xml ejb-jar.xml faces-config.xml dispatcher-servlet.xml spring-security.xml log4j.xml log4j2.xml logback.xml logback-spring.xml sitemanager.xml filezilla.xml recentservers.xml unattend.xml autounattend.xml sysprep.inf sysprep.xml credentials.xml phpunit.xml config.inc.php config.inc " +
		"application-prod.yml application-dev.yml application-local.yml application-production.yml application-test.yml bootstrap.yml application-prod.properties application-dev.properties gradle.properties build.properties sonar-project.properties log4j.properties local.properties mail.properties version.properties.bak app.config applicationhost.config connectionstrings.config machine.config nlog.config packages.config nuget.config " +
		"composer.json composer.lock gemfile gemfile.lock pipfile pipfile.lock poetry.lock pyproject.toml requirements-dev.txt yarn.lock package-lock.json pnpm-lock.yaml npm-shrinkwrap.json gulpfile.js gruntfile.js webpack.config.js webpack.mix.js vite.config.js vite.config.ts next.config.js nuxt.config.js nuxt.config.ts ecosystem.config.js cargo.toml cargo.lock go.mod go.sum mix.exs build.gradle build.gradle.kts build.sbt pom.xml rakefile capfile config.ru config.rb fabfile.py fastfile " +
		"manage.py wsgi.py asgi.py settings.py local_settings.py settings_local.py app.py main.py server.py config.py models.py main.go server.js.bak database.php.bak knexfile.js ormconfig.json ormconfig.js truffle-config.js hardhat.config.js wp-config.php.dist configuration.php.dist settings.local.php settings.inc.php db.inc.php dbconfig.php db_config.php conn.php.bak env.php config.default.php config.sample.php parameters.ini parameters.yml.dist app.ini grafana.ini grafana.db security.yml.bak " +
		"my.cnf my.ini smb.conf redis.conf rsyncd.conf rsyncd.secrets mongod.conf mongodb.conf elasticsearch.yml kibana.yml logstash.conf filebeat.yml prometheus.yml alertmanager.yml pg_hba.conf postgresql.conf wg0.conf php.ini php-fpm.conf www.conf apache2.conf apache.conf lighttpd.conf haproxy.cfg squid.conf named.conf vsftpd.conf proftpd.conf supervisord.conf sshd_config ssh_config snmpd.conf dovecot.conf main.cf openvpn.conf server.conf fpm.conf uwsgi.ini gunicorn.conf.py celeryconfig.py odbc.ini tnsnames.ora listener.ora krb5.keytab krb5.conf shadow.bak passwd.bak master.passwd system.sav ntds.dit " +
		"dump.rdb appendonly.aof wallet.dat key3.db key4.db logins.json signons.sqlite cookies.sqlite places.sqlite keychain.plist login.keychain secring.gpg secring.pgp secring.asc pubring.kbx keepass.kdb passwords.kdbx hudson.util.secret master.key initialadminpassword secret.key secret_key secret_token.rb credentials.yml.enc production.key oauth-private.key jwtrs256.key " +
		"serviceaccountkey.json service-account.json service_account.json service-account-key.json firebase-adminsdk.json gcp-service-account.json google-services.json googleservice-info.plist gcloud-key.json client_secret.json client_secrets.json aws.json aws-credentials.json awscredentials.json azureprofile.json accesstokens.json auth.json publishprofile.xml local.settings.json launchsettings.json azuredeploy.parameters.json phpunit.xml.dist psalm.xml phpstan.neon beans.xml startup.cs program.cs global.asax.cs api_keys.json api_keys.txt api-keys.json api-keys.txt secret_key.txt sa.json gcloud.json aws.yml rclone.conf newrelic.yml newrelic.ini sentry.properties pm2.config.js celerybeat-schedule filezilla_server.xml proftpdpasswd sites.ini putty.reg sitemanager.dat config_dump terraform.tfvars.json mongo_dump.archive cdk.out amplifyconfiguration.json " +
		"ws_ftp.log ws_ftp.ini winscp.ini dwsync.xml error_log access_log php_errorlog php_errors ssl_error_log nohup.out core.dump npm-debug.log yarn-error.log npm-debug.log.0 sftp.json ftp-config.json deployment-config.json deploy.rb ftpsync.json .settings pure-ftpd.conf ftpquota thumbs.db global.asa global.asax codecov.yml sam.bak deploy_rsa deploy_key id_rsa.bak id_rsa.old id_rsa_deploy github_rsa rsa_key rsa_private host.key ca.key wp-cli.yml wp-cli.local.yml liquibase.properties flyway.conf alembic.ini"},
	{place{&secret, 6, false, true}, "package.json requirements.txt appsettings.production.json makefile cmakelists.txt config.yml settings.xml build.xml env.json"},
	{place{&console, 8, false, true}, "threaddump configprops httptrace server_status basic_status basic-status expvar varz connz routez subsz errorlog.axd glimpse.axd thread_dump nginx_status nginx-status stub_status fpm-status fpm_status php-fpm-status phpfpm_status apc.php apcu.php opcache.php opcache-gui.php opcache-status.php linfo.php php_info.php php-info.php pinfo.php phpversion.php infophp.php server-status.php threaddump installer.php installer-backup.php wp-admin/install.php mysqladmin php-my-admin phpmanager phppgadmin mysqlmanager mysql-admin websql sqlbuddy sqlite-manager phpliteadmin.php phpminiadmin.php dbeditor pma2 pma2020 pma2024 phpma mysqldumper bigdump.php wp-config-backup.php searchreplacedb2.php"},
	{place{&weakness, 8, true, true}, "alfacgiapi alfa_data"},
	{place{&console, 8, true, true}, "phpmyadmin2 phpmyadmin3 phpmyadmin4 phpmyadmin5 sqlmanager rockmongo phpredisadmin wp-snapshots ~root ~daemon ~nobody ~lp ~operator %7eroot host_vars jmx-console admin-console"},
	{place{&weakness, 8, true, true}, "setupwizard.aspx"},
	{place{&weakness, 8, false, true}, "xleet.php wsoyanz.php webshell.asp webshell.aspx webshell.jsp wp_filemana.php wp_filemanager.php adminer.css.php r57shell.php c99shell.php wso2.php indoxploit.php mini.php.suspected fm.php.bak marijuana.php gel4y.php wp-file-manager.php.bak 0byte.php leafmailer.php alfanew.php b374k-mini.php p0wny-shell.php p0wny.php phpspy.php simple-backdoor.php php-backdoor.php php-reverse-shell.php webadmin.php.bak cmdasp.aspx cmdasp.asp aspxspy.aspx chopper.aspx antsword.php behinder.php godzilla.jsp jspspy.jsp jsp-reverse.jsp browser.jsp.bak tomcat-shell.jsp"},
}

// atRoot are programs that a site is set up or looked through with, where they are put.
var atRoot = [...]string{"install.php", "setup.php", "info.php", "php.php", "i.php", "pi.php", "phptest.php", "test.php", "upgrade.php", "debug.php", "phpinfo"}
